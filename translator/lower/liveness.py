"""Which variables are still to be read: decides what leaves a branch and what need not be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from translator.json_value import JsonValue
from translator.lower.draft import END, Draft, DraftScope, Transition, expression, reads
from translator.lower.merging import of_branches, of_iterations
from translator.lower.passage import drafts, in_order
from translator.lower.values import first_value, index_of, item_of

Output: TypeAlias = Callable[[Transition], frozenset[str]]
"""What the scope's output reads where a transition ends it."""
Won: TypeAlias = frozenset[tuple[str, frozenset[str]]]


MAX_CAUSE: Final = 32_768
"""Characters of a Fail state's Cause (AWS: Fail state)."""


@dataclass
class Liveness:
    """By scope (its identity): what is live on entry of each state, and what each branch hands out."""

    on_entry: dict[int, dict[str, frozenset[str]]] = field(default_factory=dict)
    exports: dict[int, frozenset[str]] = field(default_factory=dict)
    handed: dict[int, tuple[tuple[frozenset[str], Won], frozenset[str]]] = field(default_factory=dict)
    """By Parallel: what was live behind it and behind won races, and what its branches read then."""
    won: dict[str, frozenset[str]] = field(default_factory=dict)
    """By `join: first`: what the branch that ends its race gives to it."""
    merges: Mapping[str, str] = field(default_factory=dict)
    _assignable: dict[int, frozenset[str]] = field(default_factory=dict)
    _reads: dict[int, frozenset[str]] = field(default_factory=dict)

    def assignable_in(self, scope: DraftScope) -> frozenset[str]:
        """Every variable that something in the scope, however deep, gives a value; found out once."""
        if id(scope) not in self._assignable:
            self._assignable[id(scope)] = assignable(scope)
        return self._assignable[id(scope)]

    def own_reads(self, draft: Draft) -> frozenset[str]:
        """What the state itself reads on entry; found out once."""
        if id(draft) not in self._reads:
            self._reads[id(draft)] = _own_reads(draft)
        return self._reads[id(draft)]

    def tells(self, draft: Draft, cause: str) -> None:
        """Gives a Fail state what it tells."""
        draft.fields["cause"] = cause
        self._reads.pop(id(draft), None)


def assignable(scope: DraftScope) -> frozenset[str]:
    """Every variable that something in the scope, however deep, gives a value."""
    names: set[str] = set()
    for draft in drafts(scope):
        for transition in draft.transitions():
            names |= transition.assigned
    return frozenset(names)


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
        needed |= _own_reads(draft)
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


def _own_reads(draft: Draft) -> frozenset[str]:
    found = reads(draft.fields) | reads(draft.shown)
    for condition, _ in draft.rules:
        found |= reads(expression(condition))
    return found


def find_liveness(scope: DraftScope, output: Output, merges: Mapping[str, str]) -> Liveness:
    """Liveness of the whole machine; adds to each Parallel's success what its branches hand out.

    `merges` says of variables how values meet that were set side by side.
    """
    found = Liveness(merges=merges)
    _solve(scope, output, found)
    return found


def _solve(scope: DraftScope, output: Output, found: Liveness, exports: frozenset[str] = frozenset()) -> None:
    """Liveness in one scope, which hands out `exports` where it ends."""
    live: dict[str, frozenset[str]] = dict.fromkeys(scope.states, frozenset())
    order = in_order(scope)[::-1]
    changed = True
    while changed:
        changed = False
        for key in order:
            entry = _live_in(scope.states[key], live, output, found, exports)
            if entry is not live[key] and entry != live[key]:
                live[key], changed = entry, True
    found.on_entry[id(scope)] = live


def _live_in(
    draft: Draft,
    live: dict[str, frozenset[str]],
    output: Output,
    found: Liveness,
    exports: frozenset[str],
) -> frozenset[str]:
    for _, transition in draft.catches:
        if transition.won:
            found.won[transition.won] = give_to_winner(draft, transition, live[transition.target], found)
    entry = found.own_reads(draft)
    for transition in draft.transitions():
        at_end = transition.target == END
        behind = _either(exports, output(transition)) if at_end else live[transition.target]
        behind = _without(behind, transition.reset)
        behind = _either(_without(behind, transition.then.keys()), reads(transition.then))
        if transition is draft.success:
            entry = _either(entry, _hand_out(draft, behind, found, output))
        entry = _either(entry, _without(behind, transition.assign.keys()))
        entry = _either(entry, reads(transition.assign))
    return entry


def _without(names: frozenset[str], gone: Set[str]) -> frozenset[str]:
    """The same object where nothing goes: most states change little of what is live."""
    return names if not gone or names.isdisjoint(gone) else names - gone


def _either(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The union; one of the two where it holds the other."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return large if small is large or small <= large else small | large


def _handed(draft: Draft, branch: DraftScope, found: Liveness) -> frozenset[str]:
    """What a branch may give to what follows: a body only variables that are the same outside."""
    assigned = found.assignable_in(branch)
    return assigned if draft.body is None else assigned & draft.body.shared


def _anew(draft: Draft, branch: DraftScope, found: Liveness) -> frozenset[str]:
    """What a body begins with as at first, so that nothing around it is read: its own names."""
    if draft.body is None:
        return frozenset()
    own = frozenset(name for name in found.assignable_in(branch) if not name.endswith("__caught"))
    item = draft.body.iterating
    given = frozenset() if item is None else frozenset({item_of(item), index_of(item)})
    return (own - draft.body.shared) | given


def _merged(draft: Draft, name: str, branches: list[int], found: Liveness) -> str:
    how = found.merges.get(name)
    if draft.kind == "map" and how is not None:
        return of_iterations(name, how)
    return of_branches(name, branches, how)


def _hand_out(draft: Draft, behind: frozenset[str], found: Liveness, output: Output) -> frozenset[str]:
    """Decides what each branch gives to what follows; gives what the branches themselves read."""
    known, asked = found.handed.get(id(draft)), (behind, frozenset(found.won.items()))
    if known is not None and known[0] == asked:
        return known[1]
    exposed: frozenset[str] = frozenset()
    sources: dict[str, list[int]] = {}
    for index, branch in enumerate(draft.branches):
        exports = behind & _handed(draft, branch, found)
        found.exports[id(branch)] = exports
        for name in exports:
            sources.setdefault(name, []).append(index)
        _solve(branch, output, found, exports)
        exposed |= found.on_entry[id(branch)][branch.start] - _anew(draft, branch, found)
    is_written = draft.body is not None and draft.body.distributed is not None
    if draft.success is not None and not is_written:
        for name in sorted(sources):
            draft.success.assign[name] = expression(_merged(draft, name, sources[name], found))
    found.handed[id(draft)] = (asked, exposed)
    return exposed


def give_to_winner(
    draft: Draft, caught: Transition, behind: frozenset[str], found: Liveness
) -> frozenset[str]:
    """Lets every branch that ends the race tell what is live behind it in its Cause; gives what that is."""
    behind = behind - set(caught.then)
    names = sorted(frozenset().union(*(behind & found.assignable_in(branch) for branch in draft.branches)))
    caught.assign.update({name: expression(f"$parse($states.errorOutput.Cause).{name}") for name in names})
    for branch in draft.branches:
        for inner in drafts(branch):
            if inner.wins == caught.won and names:
                found.tells(inner, expression(_told(names)))
    return frozenset(names)


def _told(names: Sequence[str]) -> str:
    """The values as JSON; too much of it is refused rather than cut off by the service."""
    values = ", ".join(f'"{name}": ${name}' for name in names)
    limit = f"what leaves a race has more than {MAX_CAUSE} characters as JSON"
    return (
        f"($values__ := $string({{{values}}}); "
        f'$length($values__) > {MAX_CAUSE} ? $error("{limit}") : $values__)'
    )


def write_resets(scope: DraftScope, liveness: Liveness) -> None:
    """Makes assignments of what a new iteration finds as at first and may read before it is given again."""
    live = liveness.on_entry[id(scope)]
    for draft in scope.states.values():
        for transition in draft.transitions():
            for name in sorted(transition.reset & live.get(transition.target, frozenset())):
                transition.then[name] = first_value(name)
            transition.reset = frozenset()
        for branch in draft.branches:
            write_resets(branch, liveness)
