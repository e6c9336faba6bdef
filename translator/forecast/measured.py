"""A machine measured: its loops found and counted, the most and the least of every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from translator.asl import Map, State, States, inner_scopes
from translator.forecast.cycles import Cycle, Level, level_of
from translator.forecast.extent import Extent
from translator.forecast.formula import Extreme
from translator.forecast.visit import (
    HISTORY_EVENTS,
    LAMBDA_CALLS,
    LAMBDA_MEGABYTES,
    RETRIES,
    TRANSITIONS,
    Figure,
    milliseconds,
)
from translator.legalize.split import Rounds, Split, part_of

ASSUMED: Final = 10
"""How often a loop is taken to be repeated, and how many items there are, where nothing says it."""
_NOTHING_DECLARED: Final[Mapping[str, int]] = MappingProxyType({})


CountKind: TypeAlias = Literal["repeats", "items", "executions"]


@dataclass(frozen=True, slots=True)
class Count:
    """Something that a formula depends on: how often a loop is repeated, how many items there are."""

    name: str
    kind: CountKind
    node: str
    """The node that an iteration begins with, or the `for_each`."""
    value: int = ASSUMED
    is_declared: bool = False
    """Whether the definition says the value, as the most there can be; else it is assumed."""

    @property
    def least(self) -> int:
        """What it is in the least run: of a bound none of it, as it may not be needed at all."""
        return 0 if self.is_declared else self.value

    def to_text(self) -> str:
        """What it is, and what it was taken to be."""
        how = "0 to" if self.is_declared else "taken to be"
        what = f'how often the loop at "{self.node}" is repeated'
        if self.kind == "items":
            what = f'how many items "{self.node}" has'
        elif self.kind == "executions":
            what = f'how many executions more than one the loop at "{self.node}" is divided into'
        return f"{self.name}: {what}, {how} {self.value:,}"


@dataclass(frozen=True, slots=True)
class Span:
    """One figure: the least of a run in which nothing fails, and the most of any."""

    least: Extreme
    most: Extreme


@dataclass(frozen=True)
class Measured:
    """All figures of one machine, and its counts."""

    counts: tuple[Count, ...]
    cycles: Mapping[str, Cycle]
    """The loops by the names of their counts."""
    spans: Mapping[str, Span]


def measure(
    split: Split,
    seconds: Mapping[str, Decimal],
    call_seconds: Decimal,
    declared: Mapping[str, int] = _NOTHING_DECLARED,
) -> Measured:
    """Measures every scope; `seconds` are what nodes are known to take, by id, `declared` the most counts."""
    parts = {part.name: part.machine.states for part in split.parts}
    counting = Counting(parts, declared, split.rounds)
    counting.take(split.main.states)
    by_node = {node: int(1000 * each) for node, each in seconds.items()}
    time = milliseconds(int(1000 * call_seconds), by_node)
    figures = (TRANSITIONS, LAMBDA_CALLS, LAMBDA_MEGABYTES, HISTORY_EVENTS, RETRIES, time)
    cycles = [cycle for level in counting.levels.values() for cycle in level.cycles]
    return Measured(
        counts=tuple(counting.counts),
        cycles={cycle.count: cycle for cycle in cycles},
        spans={figure.name: counting.span(figure, split.main.states) for figure in figures},
    )


@dataclass
class Counting:
    """What the scopes of a machine repeat, while it is being found."""

    parts: Mapping[str, States]
    declared: Mapping[str, int]
    rounds: Mapping[str, Rounds] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)
    batches: dict[int, int] = field(default_factory=dict)
    """By the identity of a Map how many items it has, where those are a batch."""
    counts: list[Count] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)

    def take(self, scope: States) -> None:
        """Finds the loops and the Maps of a scope and of those inside it."""

        def loop_count(header: str) -> str:
            known = self.rounds.get(header)
            if known is not None:
                kind: CountKind = "executions" if known.is_of_executions else "repeats"
                return self._name(kind, known.node, known.most)
            node = scope.states[header].origin.node or "loop"
            return self._name("repeats", node, self.declared.get(node))

        self.levels[id(scope)] = level_of(scope, loop_count)
        for name, state in scope.states.items():
            if isinstance(state, Map):
                self.items[id(state)] = self._items_count(name, state)
            for inner in inner_scopes(state) or self._part_of(state):
                self.take(inner)

    def _items_count(self, name: str, state: Map) -> str:
        node = state.origin.node
        most = self.rounds[name].most if name in self.rounds else self.declared.get(node)
        if state.distributed is not None and state.distributed.batch_size is not None:
            batch = state.distributed.batch_size
            inner = state.processor.states[state.processor.start_at]
            self.batches[id(inner)] = batch if most is None else min(batch, most)
        return self._name("items", node, self.batches.get(id(state), most))

    def _part_of(self, state: State) -> tuple[States, ...]:
        part = part_of(state)
        return (self.parts[part],) if part is not None and part in self.parts else ()

    def span(self, figure: Figure, scope: States) -> Span:
        """The least and the most of a figure."""
        least, most = (
            Extent(figure, self.levels, self.items, self.parts, is_most=is_most).of_run(scope)
            for is_most in (False, True)
        )
        return Span(least, most)

    def _name(self, kind: CountKind, node: str, bound: int | None) -> str:
        self._names[node] += 1
        number = self._names[node]
        name = node if number == 1 else f"{node}_{number}"
        self.counts.append(Count(name, kind, node, ASSUMED if bound is None else bound, bound is not None))
        return name


def every_scope(scope: States) -> Iterator[States]:
    """The scope and those inside it, outermost first."""
    yield scope
    for state in scope.states.values():
        for inner in inner_scopes(state):
            yield from every_scope(inner)
