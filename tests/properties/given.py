"""What is given before a run starts: nodes that have ended, and values of variables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any, Literal

from tests.properties.behaviour import Failure
from tests.properties.graph import Graph, Link, reached
from tests.properties.loops import Loop


@dataclass(frozen=True, slots=True)
class Ended:
    """How a pinned node has ended; `port` is the one that it took."""

    status: Literal["succeeded", "skipped", "failed"]
    output: Any = None
    port: str = "out"
    failure: Failure | None = None
    iteration: tuple[int, ...] = ()
    """Counters of the loops around it, outermost first."""

    def to_json(self) -> dict[str, Any]:
        """The pin as a definition's tests write it."""
        where = {"iteration": list(self.iteration)} if self.iteration else {}
        if self.failure:
            return {"status": "failed", "error": self.failure.error, "cause": self.failure.cause, **where}
        return {"status": self.status, "output": self.output, **where}


@dataclass(frozen=True, slots=True)
class Given:
    """Pins by node, and first values by variable that are not the definition's."""

    pins: Mapping[str, Ended] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    """The nodes that the run's output reads."""


NOTHING = Given()


def idle_nodes(
    graph: Graph,
    forward: Sequence[Link],
    loops: Sequence[Loop],
    pins: Collection[str],
    wanted: Collection[str],
) -> set[str]:
    """The nodes of which every way leads to a pinned node: what they do would be for nothing.

    `wanted` are those that the run's output reads. A loop is idle as a whole, or not at all. A race that a
    pinned node has won is over, so what leads only there is idle too; so is what leads to a loop under way.
    """
    if not pins:
        return set()
    inner = {link.source for link in forward}
    won = {x.target for x in forward if x.source in pins and graph.nodes[x.target].join == "first"}
    won |= {loop.header for loop in loops if loop.nodes & set(pins)}
    ends = [node for node in graph.nodes if node not in pins and (node not in inner or node in wanted)]
    ways = [x.reversed() for x in graph.links if x.source not in pins and x.target not in {*pins, *won}]
    idle = set(graph.nodes) - set(pins) - reached(ends, ways)
    return idle - {node for loop in loops if not loop.nodes <= idle for node in loop.nodes}


def in_order(graph: Graph, forward: Sequence[Link]) -> list[str]:
    """All nodes, sources before targets."""
    before: dict[str, list[str]] = {node: [] for node in graph.nodes}
    for link in forward:
        before[link.target].append(link.source)
    return list(TopologicalSorter(before).static_order())
