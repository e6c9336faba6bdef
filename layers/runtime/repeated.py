"""Makes one run of a node that repeats its body out of the many times that its condition was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from layers.runtime.history import Visit
from layers.runtime.node_run import NodeIteration, NodeRun

Stay: TypeAlias = tuple[int, str]
"""The iteration around it, and the node."""


@dataclass
class Stays:
    """Which visits of a condition belong together, and what the node has given so far."""

    open: dict[Stay, int] = field(default_factory=dict)
    """By stay that has not ended yet the place of its run."""
    given: dict[Stay, str] = field(default_factory=dict)
    """The last result of an iteration, as JSON text."""

    def note(self, visit: Visit) -> None:
        """Keeps what a state gave as the result of an iteration."""
        for stay in self.open:
            if stay[0] == visit.lane:
                for name in visit.assigned:
                    if is_output(name, stay[1]):
                        self.given[stay] = visit.assigned[name]

    def is_open(self, visit: Visit, node: str) -> bool:
        """Whether the node's body has been entered there and not been left for good."""
        return (visit.lane, node) in self.open

    def place(self, visit: Visit, node: str, new: int) -> int:
        """The place of the run that the visit belongs to, `new` if one begins with it."""
        stay = (visit.lane, node)
        if stay not in self.open:
            self.given.pop(stay, None)
        found = self.open.pop(stay, new)
        if any(name.startswith(f"{node}__body__round") for name in visit.assigned):
            self.open[stay] = found
        return found

    def result(self, visit: Visit, node: str) -> str | None:
        """What the node has given so far, as JSON text; nothing before the first iteration has ended."""
        return self.given.get((visit.lane, node))


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in a body that failed, a node or what is between nodes."""

    node: str
    iterations: tuple[NodeIteration, ...]
    at: datetime
    error: str | None
    cause: str | None


def ended_with_its_body(
    place: int, runs: Sequence[NodeRun], on_the_way: Sequence[Failure], nodes: Mapping[str, Mapping[str, Any]]
) -> NodeRun:
    """The run of a node whose body was never left for good: it has failed as its body did, or still runs.

    `on_the_way` is what failed and is no node's failure, as the condition of an edge; `nodes` are those of
    the source map.
    """
    run = runs[place]
    inner = [other for other in runs[place + 1 :] if _is_inside(other, run, nodes)]
    if run.ended_at is None or any(other.ended_at is None for other in inner):
        return replace(run, status="running", ended_at=None, output=None)
    ended = max([run.ended_at, *(other.ended_at for other in inner if other.ended_at is not None)])
    failed = [
        *(one for one in on_the_way if one.at >= run.started_at and _is_inside(one, run, nodes)),
        *(_failure_of(other, ended) for other in inner if other.status == "failed"),
    ]
    if not failed:
        return replace(run, status="cancelled", ended_at=ended, output=None)
    last = max(reversed(failed), key=lambda one: (one.at, -len(_around(one.node, nodes))))
    ended = max(ended, last.at)
    return replace(run, status="failed", ended_at=ended, output=None, error=last.error, cause=last.cause)


def _failure_of(run: NodeRun, ended: datetime) -> Failure:
    return Failure(run.node, run.iterations, run.ended_at or ended, run.error, run.cause)


def _is_inside(one: NodeRun | Failure, run: NodeRun, nodes: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether it stands in the body of the run's node, however deep, and in the same iterations around."""
    around = one.iterations[: len(run.iterations)]
    return around == run.iterations and run.node in _around(one.node, nodes)


def _around(node: str, nodes: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """The nodes whose bodies a node stands in, innermost first."""
    found: list[str] = []
    parent = nodes.get(node, {}).get("parent")
    while parent is not None:
        found.append(parent)
        parent = nodes.get(parent, {}).get("parent")
    return found


def is_output(name: str, node: str) -> bool:
    """Whether a variable is the node's output in some scope."""
    return name == node or (name.startswith(f"{node}__") and name.removeprefix(f"{node}__").isdigit())
