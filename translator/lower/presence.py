"""Which variables have been given a value where: on every way, on some, on none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import TypeAlias

from translator.lower.draft import END, Draft, DraftScope, Transition


class Presence(IntEnum):
    """Whether a variable has a value at a point of its scope."""

    NO = 0
    MAYBE = 1
    YES = 2


At: TypeAlias = Mapping[str, Presence]
"""By variable; one that is missing has no value."""
Given: TypeAlias = Callable[[Draft], At]
"""What a Parallel's success gives values to, besides its own `assign`."""


def both(first: At, second: At) -> dict[str, Presence]:
    """What holds where two ways meet."""
    met: dict[str, Presence] = {}
    for name in {**first, **second}:
        one, other = first.get(name, Presence.NO), second.get(name, Presence.NO)
        met[name] = one if one == other else Presence.MAYBE
    return met


def after(before: At, transition: Transition, given: At) -> dict[str, Presence]:
    """What holds behind a transition."""
    known = {**before, **given, **dict.fromkeys(transition.assigned, Presence.YES)}
    return {name: presence for name, presence in known.items() if name not in transition.reset}


def on_entry(scope: DraftScope, given: Given) -> dict[str, At]:
    """By state key: what has a value when the state is entered."""
    known: dict[str, At] = {scope.start: {}}
    pending = [scope.start]
    while pending:
        key = pending.pop(0)
        draft = scope.states[key]
        for transition, behind in outcomes(draft, known[key], given):
            target = transition.target
            if target == END:
                continue
            met = both(known[target], behind) if target in known else dict(behind)
            if target not in known or met != known[target]:
                known[target] = met
                pending.append(target)
    return known


def outcomes(draft: Draft, before: At, given: Given) -> Iterable[tuple[Transition, At]]:
    """Each transition with what holds behind it; a branch's values come with success alone."""
    for transition in draft.transitions():
        extra = given(draft) if transition is draft.success else {}
        yield transition, after(before, transition, extra)


def at_end(scope: DraftScope, given: Given) -> list[tuple[Draft, Transition, At]]:
    """Every way out of a scope with what holds there."""
    entry = on_entry(scope, given)
    return [
        (draft, transition, behind)
        for key, draft in scope.states.items()
        for transition, behind in outcomes(draft, entry[key], given)
        if transition.target == END
    ]


def succeeded(draft: Draft) -> At:
    """What the branches of a Parallel have given values to when all have ended: they all run."""
    found: dict[str, Presence] = {}
    for branch in draft.branches:
        ends = [behind for _, _, behind in at_end(branch, succeeded)]
        if not ends:
            continue
        met: At = ends[0]
        for behind in ends[1:]:
            met = both(met, behind)
        for name, presence in met.items():
            found[name] = max(found.get(name, Presence.NO), presence)
    return found
