"""Where a run stops by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from translator.debugger.edges import taken
from translator.debugger.errors import DebuggerError, ExpressionError
from translator.debugger.expression import Question, question
from translator.debugger.node_run import NodeRun
from translator.debugger.program import Program

Asks = Callable[[Question, NodeRun | None], bool]
"""Whether an expression is true at the end of a node's run, or at the point; raises ExpressionError."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Stops before a node, behind an edge, behind a failure, or where a condition becomes true.

    Without `node`, `edge` and `on_failure` it is the condition alone that stops.
    """

    number: int
    node: str | None = None
    edge: tuple[str, str] | None = None
    on_failure: bool = False
    condition: Question | None = None

    @property
    def is_watch(self) -> bool:
        """Whether only the condition counts."""
        return self.node is None and self.edge is None and not self.on_failure

    def to_text(self) -> str:
        """As it is written in the command."""
        place = self.node or (" -> ".join(self.edge) if self.edge else "")
        if self.on_failure:
            place = f"error {place}".strip()
        condition = f"if {self.condition.source}" if self.condition else ""
        return " ".join(part for part in (place, condition) if part)


@dataclass(frozen=True)
class Arrival:
    """What happened on the way to a point."""

    nodes: tuple[str, ...]
    """Whose work comes next."""
    ended: Sequence[NodeRun]
    """The runs of nodes that ended on the way."""
    asks: Asks


@dataclass(frozen=True, slots=True)
class Hit:
    """A breakpoint that stops, and why its condition could not be asked, if so."""

    breakpoint: Breakpoint
    problem: str | None = None


def hits(
    program: Program, breakpoints: Sequence[Breakpoint], arrival: Arrival, was_true: set[int]
) -> tuple[Hit, ...]:
    """Those that stop at a point; `was_true` keeps the conditions alone that were true at the one before."""
    found = []
    for each in breakpoints:
        if each.is_watch:
            is_true = _is_true(each, arrival)[0]
            if is_true and each.number not in was_true:
                found.append(Hit(each))
            (was_true.add if is_true else was_true.discard)(each.number)
        elif _is_there(program, each, arrival):
            is_true, problem = _is_true(each, arrival)
            if is_true or problem:
                found.append(Hit(each, problem))
    return tuple(found)


def _is_true(point: Breakpoint, arrival: Arrival) -> tuple[bool, str | None]:
    if point.condition is None:
        return True, None
    try:
        return arrival.asks(point.condition, None), None
    except ExpressionError as error:
        return False, error.message


def _is_there(program: Program, point: Breakpoint, arrival: Arrival) -> bool:
    if point.on_failure:
        return any(run.status == "failed" and point.node in (None, run.node) for run in arrival.ended)
    if point.edge is not None:
        return point.edge in edges_taken(program, arrival)
    return point.node in arrival.nodes


def edges_taken(program: Program, arrival: Arrival) -> list[tuple[str, str]]:
    """The edges that were taken on the way to a point, each as its two nodes."""
    found = []
    for run in arrival.ended:
        edges = taken(program, run, partial(_asks, program, arrival, run))
        found += [(edge.from_, edge.to) for edge in edges]
    return found


def _asks(program: Program, arrival: Arrival, run: NodeRun, condition: str) -> bool:
    try:
        return arrival.asks(question(condition, program), run)
    except DebuggerError:
        return False
