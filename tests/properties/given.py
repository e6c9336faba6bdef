"""What is given before a run starts: nodes that have ended, and values of variables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from typing import Any, Literal

from tests.properties.behaviour import Failure, matches
from tests.properties.graph import Graph, Link, reached
from tests.properties.loops import Loop
from tests.properties.plan import Plan


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


def idle_nodes(plan: Plan, pins: Mapping[str, Ended], wanted: Collection[str]) -> set[str]:
    """The nodes of which every way leads to a pinned node: what they do would be for nothing.

    `wanted` are those that the run's output reads. A loop is idle as a whole, or not at all; what is pinned
    in one under way may run again, so for this it is not. A race that a pinned node has won is over, so what
    leads only there is idle too; so is what leads to a loop under way. Of what leads to a race that is over,
    nobody has an output, whoever reads it.
    """
    if not pins:
        return set()
    graph = plan.graph
    begun = {loop.header for loop in plan.loops if _has_begun(loop, pins)}
    open_loops = [loop.nodes for loop in plan.loops if _is_under_way(plan, loop, pins)]
    pins = {node: pin for node, pin in pins.items() if not any(node in nodes for nodes in open_loops)}
    taken = [x for x in plan.forward if x.source in pins and _is_taken(x, pins[x.source])]
    races = {x.target for x in taken if graph.nodes[x.target].join == "first"}
    races |= {node for node in pins if graph.nodes[node].join == "first"}
    lost = leading_only_to(races, plan, pins, begun)
    return lost | _whole_loops(plan, _leading_nowhere(plan, pins, races | begun, wanted))


def cut_short(plan: Plan, pins: Mapping[str, Ended], join: str) -> frozenset[str]:
    """What a race ends that is over; with pins all that leads nowhere else, but in a loop that goes on."""
    if not pins or any(join in loop.nodes and loop.nodes & pins.keys() for loop in plan.loops):
        return plan.races[join]
    return frozenset(leading_only_to([join], plan, pins))


def leading_only_to(
    goals: Collection[str], plan: Plan, pins: Collection[str], begun: Collection[str] = ()
) -> set[str]:
    """The nodes that lead to a goal, and elsewhere only to pinned nodes and loops that have begun."""
    links = [link for link in plan.graph.links if link.source not in pins]
    before = reached([x.source for x in links if x.target in goals], [x.reversed() for x in links])
    return _whole_loops(plan, before & _leading_nowhere(plan, pins, {*goals, *begun}, ()))


def _leading_nowhere(
    plan: Plan, pins: Collection[str], late: Collection[str], wanted: Collection[str]
) -> set[str]:
    """The nodes from which no way past pins and what is late leads to an end, or to what is wanted."""
    inner = {link.source for link in plan.forward}
    ends = [node for node in plan.graph.nodes if node not in pins and (node not in inner or node in wanted)]
    ways = [x.reversed() for x in plan.graph.links if x.target not in late and x.target not in pins]
    return plan.graph.nodes.keys() - set(pins) - reached(ends, ways)


def _whole_loops(plan: Plan, nodes: set[str]) -> set[str]:
    return nodes - {node for loop in plan.loops if not loop.nodes <= nodes for node in loop.nodes}


def _is_taken(link: Link, pin: Ended) -> bool:
    if pin.failure:
        return link.port == "error" and matches(link.errors or ("*",), pin.failure.error)
    return pin.status == "succeeded" and link.port == pin.port and link.when is None


def _has_begun(loop: Loop, pins: Mapping[str, Ended]) -> bool:
    return loop.header in pins or any(pins[node].status != "skipped" for node in loop.nodes & pins.keys())


def _is_under_way(plan: Plan, loop: Loop, pins: Mapping[str, Ended]) -> bool:
    """Whether something of the loop has ended, and not all of it for good."""
    repeating = (x for x in plan.back if loop.repeats(x) and x.source in pins)
    may_repeat = any(_is_taken(replace(x, when=None), pins[x.source]) for x in repeating)
    return bool(loop.nodes & pins.keys()) and (may_repeat or not loop.nodes <= pins.keys())


def in_order(graph: Graph, forward: Sequence[Link]) -> list[str]:
    """All nodes, sources before targets."""
    before: dict[str, list[str]] = {node: [] for node in graph.nodes}
    for link in forward:
        before[link.target].append(link.source)
    return list(TopologicalSorter(before).static_order())
