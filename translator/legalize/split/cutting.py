"""Takes regions out of scopes: the parts that were made so far, and the names that are taken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.asl import Machine, State, States, inner_scopes
from translator.asl_targets import retargeted, targets
from translator.emit import emit_scope, to_compact_text
from translator.legalize.names import MAX_NAME
from translator.legalize.split.outline import Outline
from translator.legalize.split.reading import Liveness
from translator.legalize.split.region import Known, Region

_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A machine that runs a part of a workflow; its name says its content, so it never changes."""

    name: str
    machine: Machine


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often a state is jumped back to at most, where a loop runs in executions of some rounds each."""

    node: str
    most: int
    is_of_executions: bool = False
    """Whether each time is an execution, and not a round within one."""


@dataclass(frozen=True, slots=True)
class Split:
    """A workflow's own machine and those that it runs parts in."""

    main: Machine
    parts: tuple[Part, ...]
    rounds: Mapping[str, Rounds] = field(default_factory=dict)
    """By state that a loop begins with, where splitting decided how often it is repeated."""
    events: int = 0
    """The most history events of a run, where that was why it was split."""

    @property
    def machines(self) -> tuple[Machine, ...]:
        """All of them, the workflow's own first."""
        return (self.main, *(part.machine for part in self.parts))


def names_of(scope: States) -> Iterator[str]:
    """The names of all states, those of the scopes inside too."""
    for name, state in scope.states.items():
        yield name
        for inner in inner_scopes(state):
            yield from names_of(inner)


@dataclass
class Cutter:
    """Makes parts of the workflow whose machine is called `machine`."""

    machine: str
    comment: str
    taken: set[str]
    parts: list[Part] = field(default_factory=list)
    known: Known = field(default_factory=Known)

    def without(self, scope: States, region: Region) -> States:
        """The scope with a region made a part."""
        return self.cut(scope, region)[0]

    def cut(
        self,
        scope: States,
        region: Region,
        *,
        rounds: int | None = None,
        fitting: Callable[[States], States] = lambda states: states,
    ) -> tuple[States, str]:
        """The same, and the state that runs the part.

        `fitting` makes the part small enough for one machine, `rounds` is how often one execution of it
        comes to its first state.
        """
        found = Outline(scope, region, Liveness(scope, self.known.outside).on_entry, self.free_name, rounds)
        standing_in = found.standing_in(self._keep(fitting(found.part())))
        start = next(iter(standing_in))
        gone = frozenset(region.states)
        states: dict[str, State] = {}
        for name, state in scope.states.items():
            if name == region.entry:
                states |= standing_in
            elif name not in gone:
                states[name] = _led_to(start, state, region.entry)
        begins = start if scope.start_at == region.entry else scope.start_at
        return States(begins, states), start

    def _keep(self, states: States) -> str:
        """Makes a machine of a part's states; gives its name."""
        machine = Machine(f"Part of: {self.comment}", states)
        digest = hashlib.sha256(to_compact_text(emit_scope(states)).encode()).hexdigest()[:_DIGITS]
        name = f"{self.machine[: MAX_NAME - _DIGITS - 6]}-part-{digest}"
        self.parts.append(Part(name, machine))
        return name

    def free_name(self, wish: str) -> str:
        """The name if it is free, else one like it; takes it."""
        name, number = _cut(wish, MAX_NAME), 2
        while name in self.taken:
            name, number = f"{_cut(wish, MAX_NAME - 5)} {number}", number + 1
        self.taken.add(name)
        return name


def _led_to(start: str, state: State, instead_of: str) -> State:
    """The state with another target; one that has not this target stays the same, and known."""
    leading = targets(state)
    if instead_of not in leading:
        return state
    return retargeted(state, {one: start if one == instead_of else one for one in leading})


def _cut(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"
