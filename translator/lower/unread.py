"""Removes what nothing reads from states whose variables are not placed yet."""

from __future__ import annotations

from collections.abc import Sequence, Set

from translator.json_value import JsonValue
from translator.lower.draft import Draft, DraftScope, Transition, expression, reads
from translator.lower.passage import drafts


def drop_unread(scope: DraftScope, output_reads: frozenset[str]) -> None:
    """Removes flags and Lambda outputs that nothing reads; what a Pass computes stays visible."""
    everything = list(drafts(scope))
    needed = _needed(everything, output_reads)
    for draft in everything:
        for transition in draft.transitions():
            transition.then = {name: value for name, value in transition.then.items() if name in needed}
            transition.assign = {
                name: value
                for name, value in transition.assign.items()
                if name in needed or _stays(draft, name, transition)
            }


def _needed(everything: Sequence[Draft], output_reads: frozenset[str]) -> Set[str]:
    """What is read, but for what only values read that nothing reads."""
    needed = set(output_reads)
    readers: dict[str, list[JsonValue]] = {}
    """By variable that is assigned, the values that it is given."""
    for draft in everything:
        needed |= own_reads(draft)
        for transition in draft.transitions():
            for name, value in (*transition.assign.items(), *transition.then.items()):
                if _stays(draft, name, transition):
                    needed |= reads(value)
                else:
                    readers.setdefault(name, []).append(value)
    pending = list(needed)
    while pending:
        for value in readers.pop(pending.pop(), ()):
            fresh = reads(value) - needed
            needed |= fresh
            pending += fresh
    return needed


def _stays(draft: Draft, name: str, transition: Transition) -> bool:
    return draft.kind == "pass" and name in transition.assign


def own_reads(draft: Draft) -> frozenset[str]:
    """What a state itself reads on entry."""
    found = reads(draft.fields) | reads(draft.shown)
    for condition, _ in draft.rules:
        found |= reads(expression(condition))
    return found
