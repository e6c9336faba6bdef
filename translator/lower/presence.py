"""Which variables have been given a value where: on every way, on some, on none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush

from translator.analyses.bits import Bits
from translator.lower.draft import END, Draft, DraftScope, Transition
from translator.lower.numbering import Numbering
from translator.lower.passage import drafts, in_order


class Presence(IntEnum):
    """Whether a variable has a value at a point of its scope."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class At:
    """The variables that have a value at a point, at least on some way there, and those on every way."""

    some: Bits = 0
    every: Bits = 0

    def meeting(self, other: At) -> At:
        """What holds where two ways meet."""
        return At(self.some | other.some, self.every & other.every)

    def given(self, more: At) -> At:
        """What holds behind something that gives values: they replace what was there."""
        if not more.some:
            return self
        if self.some == self.every and more.some == more.every:
            both = self.some | more.some
            return At(both, both)
        return At(self.some | more.some, self.every & ~more.some | more.every)

    def without(self, reset: Bits) -> At:
        """What holds where these are as at first again."""
        if not self.some & reset:
            return self
        return At(self.some & ~reset, self.every & ~reset)


NOTHING = At()


@dataclass
class Tracing:
    """Follows the variables of a machine that have a number through its states.

    With `handed_out` a Parallel that succeeds has given values to what its branches did: they all ran.
    Else only its own transition does.
    """

    handed_out: bool = False
    numbering: Numbering = field(default_factory=Numbering)
    _succeeded: dict[int, At] = field(default_factory=dict)
    """By Parallel (its identity)."""

    @classmethod
    def with_branches(cls, scope: DraftScope, variables: Iterable[str]) -> Tracing:
        """Ready for a machine, its innermost branches looked at first; follows these variables alone."""
        tracing = cls(handed_out=True)
        tracing.numbering.bits(variables)
        for draft in reversed(list(drafts(scope))):
            tracing._handed_out_by(draft)
        return tracing

    def presence(self, at: At, variable: str) -> Presence:
        """Whether one variable has a value there."""
        number = self.numbering.number(variable)
        if not at.some >> number & 1:
            return Presence.NO
        return Presence.YES if at.every >> number & 1 else Presence.MAYBE

    def sure(self, variables: Iterable[str]) -> At:
        """What holds where exactly these have values."""
        bits = self.numbering.known(variables)
        return At(bits, bits) if bits else NOTHING

    def on_entry(self, scope: DraftScope) -> dict[str, At]:
        """By state key: what has a value when the state is entered."""
        order = in_order(scope)
        rank = {key: index for index, key in enumerate(order)}
        known = {scope.start: NOTHING}
        pending, waiting = [0], {scope.start}
        while pending:
            key = order[heappop(pending)]
            waiting.discard(key)
            for transition, behind in self.outcomes(scope.states[key], known[key]):
                target = transition.target
                if target == END:
                    continue
                met = known[target].meeting(behind) if target in known else behind
                if known.get(target) != met:
                    known[target] = met
                    if target not in waiting:
                        waiting.add(target)
                        heappush(pending, rank[target])
        return known

    def outcomes(self, draft: Draft, before: At) -> Iterator[tuple[Transition, At]]:
        """Each transition with what holds behind it; a branch's values come with success alone."""
        for transition in draft.transitions():
            known = before
            if self.handed_out and transition is draft.success:
                known = known.given(self._handed_out_by(draft))
            known = known.given(self.sure(transition.assigned))
            yield transition, known.without(self.numbering.known(transition.reset))

    def at_end(self, scope: DraftScope) -> list[tuple[Draft, Transition, At]]:
        """Every way out of a scope with what holds there."""
        entry = self.on_entry(scope)
        return [
            (draft, transition, behind)
            for key, draft in scope.states.items()
            for transition, behind in self.outcomes(draft, entry[key])
            if transition.target == END
        ]

    def _handed_out_by(self, draft: Draft) -> At:
        if id(draft) not in self._succeeded:
            some = every = 0
            for branch in draft.branches:
                ends = [behind for _, _, behind in self.at_end(branch)]
                if ends:
                    met = ends[0]
                    for behind in ends[1:]:
                        met = met.meeting(behind)
                    some, every = some | met.some, every | met.every
            if draft.body is not None:
                handed = self.numbering.known(draft.body.shared)
                some, every = some & handed, every & handed
            self._succeeded[id(draft)] = At(some, every)
        return self._succeeded[id(draft)]
