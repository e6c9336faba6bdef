"""How many history events the scopes of a machine take at most, at the counts that a definition declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from translator.asl import Map, Parallel, States, inner_scopes
from translator.forecast.cycles import Cycle, Level
from translator.forecast.extent import Extent
from translator.forecast.measured import Count, Counting
from translator.forecast.visit import EVENTS_OF_A_RUN, HISTORY_EVENTS, events
from translator.legalize.split import Rounds

HEAVY: int = 40
"""Events from which on an execution of its own is worth it: starting one takes eight."""


@dataclass(frozen=True)
class Heavy:
    """A loop or one state of a scope, and what it takes."""

    part: str | Cycle
    events: int


@dataclass(frozen=True)
class Weight:
    """What an execution of one scope takes."""

    events: int
    level: Level
    scope: States
    weighing: Weighing
    _extent: Extent
    _values: Mapping[str, int]

    def of_repeat(self, cycle: Cycle) -> int:
        """An iteration of a loop."""
        found = self._extent.of_repeat(cycle)
        return 0 if found is None else found.at(self._values)

    def repeats(self, cycle: Cycle) -> int:
        """How often a loop is repeated."""
        return self._values[cycle.count]

    def node_of(self, cycle: Cycle) -> str:
        """The node that a loop's iteration begins with."""
        known = self.weighing.rounds.get(cycle.header)
        return self.scope.states[cycle.header].origin.node if known is None else known.node

    def heaviest(self, level: Level) -> list[Heavy]:
        """The loops of a level, and its forks and Maps, that take much: what takes most first."""
        found = [each for each in self._parts(level) if each.events >= HEAVY]
        return sorted(found, key=lambda one: -one.events)

    def sizes(self, level: Level) -> dict[str, int]:
        """By state of a level what a visit takes; of a loop its first state stands for all of it."""
        found: dict[str, int] = {}
        for part in level.parts:
            if isinstance(part, Cycle):
                found |= dict.fromkeys(part.states, 0)
                found[part.header] = self.of_repeat(part) * (self.repeats(part) + 1)
            else:
                state = self.scope.states[part]
                is_fork = isinstance(state, (Parallel, Map))
                found[part] = self.weighing.of_state(self.scope, part) if is_fork else events(state)
        return found

    def _parts(self, level: Level) -> Iterator[Heavy]:
        for part in level.parts:
            if isinstance(part, Cycle):
                yield Heavy(part, self.of_repeat(part) * (self.repeats(part) + 1))
            elif isinstance(self.scope.states[part], (Parallel, Map)):
                yield Heavy(part, self.weighing.of_state(self.scope, part))


class _Counted(Counting):
    """Finds the loops and Maps of every scope once, however often it is asked."""

    def take(self, scope: States) -> None:
        if id(scope) not in self.levels:
            super().take(scope)


class _Memory:
    """What has been worked out of scopes while the same rounds were decided; keeps them alive."""

    def __init__(self, declared: Mapping[str, int], rounds: Mapping[str, Rounds]) -> None:
        self.rounds = dict(rounds)
        self.counting = _Counted({}, declared, self.rounds)
        self.extent = Extent(HISTORY_EVENTS, self.counting.levels, self.counting.items, {}, is_most=True)
        self.scopes: list[States] = []


@dataclass
class Weighing:
    """What a definition declares of counts, and what splitting has decided so far."""

    declared: Mapping[str, int]
    rounds: dict[str, Rounds] = field(default_factory=dict)
    _memory: _Memory | None = None

    def _remembered(self) -> _Memory:
        if self._memory is None or self._memory.rounds != self.rounds:
            self._memory = _Memory(self.declared, self.rounds)
        return self._memory

    def of_run(self, scope: States) -> Weight:
        """An execution of the scope; what it shares with earlier ones is known."""
        memory = self._remembered()
        memory.scopes.append(scope)
        counting, extent = memory.counting, memory.extent
        counting.take(scope)
        values = {count.name: _known(count) for count in counting.counts}
        events = extent.of_run(scope).at(values)
        return Weight(events, counting.levels[id(scope)], scope, self, extent, values)

    def of_state(self, scope: States, name: str) -> int:
        """One visit of a fork or Map."""
        state = scope.states[name]
        assert isinstance(state, (Parallel, Map))
        alone = States(name, {name: replace(state, next=None, catch=())})
        return self.of_run(alone).events - EVENTS_OF_A_RUN

    def items(self, state: Map) -> int:
        """How many iterations a Map has."""
        counting = Counting({}, self.declared, self.rounds)
        counting.take(States("", {"": replace(state, next=None, catch=())}))
        return _known(counting.counts[0])


def _known(count: Count) -> int:
    """What a count is at most; what nobody has declared is no reason to split a run, or to refuse it."""
    return count.value if count.is_declared else 1


def executions(scope: States) -> Iterator[States]:
    """The scope, and those of its child executions that have a history of that kind."""
    yield scope
    yield from _children(scope)


def _children(scope: States) -> Iterator[States]:
    for state in scope.states.values():
        distributed = state.distributed if isinstance(state, Map) else None
        for inner in inner_scopes(state):
            if distributed is None:
                yield from _children(inner)
            elif distributed.execution_type == "STANDARD":
                yield from executions(inner)


def batches(scope: States) -> dict[str, Rounds]:
    """By Map inside a child execution, whose items are a batch, how many it has."""
    found: dict[str, Rounds] = {}
    for state in scope.states.values():
        distributed = state.distributed if isinstance(state, Map) else None
        for inner in inner_scopes(state):
            found |= batches(inner)
            if distributed is not None and distributed.batch_size is not None:
                found[inner.start_at] = Rounds(state.origin.node, distributed.batch_size)
    return found
