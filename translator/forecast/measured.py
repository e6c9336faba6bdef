"""A machine measured: its loops found and counted, the most and the least of every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from translator.asl import Machine, State, States
from translator.forecast.cycles import Cycle, Level, level_of
from translator.forecast.extent import Extent
from translator.forecast.formula import Extreme
from translator.forecast.visit import (
    HISTORY_EVENTS,
    LAMBDA_CALLS,
    RETRIES,
    TRANSITIONS,
    Figure,
    inner_scopes,
    milliseconds,
)

REPEATS: Final = 10
"""How often a loop is taken to be repeated where nothing says how often."""


@dataclass(frozen=True, slots=True)
class Count:
    """Something that a formula depends on: how often a loop is repeated."""

    name: str
    node: str
    """The node that an iteration begins with."""
    value: int
    is_declared: bool
    """Whether the definition says the value, as the most there can be; else it is assumed."""

    def to_text(self) -> str:
        """What it is, and what it was taken to be."""
        how = "at most" if self.is_declared else "taken to be"
        return f'{self.name}: how often the loop at "{self.node}" is repeated, {how} {self.value:,}'


@dataclass(frozen=True, slots=True)
class Span:
    """One figure: the least of a run in which nothing fails, and the most of any."""

    least: Extreme
    most: Extreme


@dataclass(frozen=True)
class Measured:
    """All figures of one machine, and its counts in the order of its states."""

    counts: tuple[Count, ...]
    cycles: tuple[Cycle, ...]
    """By place the loop of each count."""
    spans: Mapping[str, Span]


def measure(machine: Machine, seconds: Mapping[str, Decimal], call_seconds: Decimal) -> Measured:
    """Measures every scope; `seconds` are what nodes are known to take, by id."""
    levels, counts = _levels(machine.states)
    by_node = {node: int(1000 * each) for node, each in seconds.items()}
    time = milliseconds(int(1000 * call_seconds), by_node)
    figures = (TRANSITIONS, LAMBDA_CALLS, HISTORY_EVENTS, RETRIES, time)
    cycles = {cycle.count: cycle for level in levels.values() for cycle in level.cycles}
    return Measured(
        counts=tuple(counts),
        cycles=tuple(cycles[count.name] for count in counts),
        spans={figure.name: _span(figure, machine.states, levels) for figure in figures},
    )


def _span(figure: Figure, scope: States, levels: Mapping[int, Level]) -> Span:
    least, most = (Extent(figure, levels, is_most=is_most).of_run(scope) for is_most in (False, True))
    return Span(least, most)


def _levels(scope: States) -> tuple[dict[int, Level], list[Count]]:
    names: Counter[str] = Counter()
    counts: list[Count] = []
    levels: dict[int, Level] = {}
    for one in every_scope(scope):

        def name_count(header: str, states: Mapping[str, State] = one.states) -> str:
            node = states[header].origin.node or "loop"
            names[node] += 1
            name = node if names[node] == 1 else f"{node}_{names[node]}"
            counts.append(Count(name, node, REPEATS, is_declared=False))
            return name

        levels[id(one)] = level_of(one, name_count)
    return levels, counts


def every_scope(scope: States) -> Iterator[States]:
    """The scope and those inside it, outermost first."""
    yield scope
    for state in scope.states.values():
        for inner in inner_scopes(state):
            yield from every_scope(inner)
