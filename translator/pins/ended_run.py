"""The pins that an earlier run comes to: which of its nodes have ended for one that goes on from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from translator.analyses.loops import Loop, LoopTree, in_loops
from translator.definition.model import Pin
from translator.graph import FlowGraph
from translator.node_type import Choosing
from translator.pins.ended import error_edge_of


@dataclass(frozen=True, slots=True)
class NodeEnd:
    """How one run of one node ended: succeeded, failed, skipped, cancelled, or running where it has not.

    Of a node that was pinned in that run itself, also the port and the iteration are known.
    """

    node: str
    status: str
    error: str | None = None
    cause: str | None = None
    port: str | None = None
    iteration: tuple[int, ...] | None = None


def pins_of_run(
    graph: FlowGraph, loops: LoopTree, ends: Sequence[NodeEnd], begin: Collection[str]
) -> Mapping[str, Pin]:
    """By node how it has ended, without outputs (but the ports of conditions).

    `ends` are all runs of nodes in order of start; those in bodies and of handlers do not count. `begin` are
    nodes that are to run again, and what follows them with them. A node that failed and that no error edge
    goes on from is to run again, too, as what was cut short is.
    """
    past = _Past(graph, loops, frozenset(begin))
    for end in ends:
        if end.node in graph.nodes:
            past.note(end)
    again = past.following()
    found = {name: past.pin(name) for name in graph.nodes if name not in again}
    return {name: pin for name, pin in found.items() if pin is not None}


@dataclass
class _Past:
    """What was noted of a run; places count the runs of its nodes."""

    graph: FlowGraph
    loops: LoopTree
    begin: frozenset[str]
    latest: dict[str, tuple[int, NodeEnd]] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    """By header the iteration of each loop, from 0."""
    begun_at: dict[str, int] = field(default_factory=dict)
    """By header where that iteration began."""
    count: int = 0

    def note(self, end: NodeEnd) -> None:
        for loop, number in zip(in_loops(self.loops, end.node), end.iteration or (), strict=False):
            self.rounds[loop.header] = number
        for loop in self.loops.all_loops():
            if loop.header == end.node and end.iteration is None:
                self.rounds[loop.header] = self.rounds.get(loop.header, -1) + 1
                self.begun_at[loop.header] = self.count
                for inner in _all_inside(loop):
                    self.rounds.pop(inner.header, None)
        self.latest[end.node] = (self.count, end)
        self.count += 1

    def following(self) -> set[str]:
        """The nodes that run again with what comes before them."""
        found = set(self.begin)
        pending = list(found)
        while pending:
            for edge in self.graph.outgoing[pending.pop()]:
                if edge.index not in self.loops.turning and edge.target not in found:
                    found.add(edge.target)
                    pending.append(edge.target)
        return found

    def pin(self, name: str) -> Pin | None:
        """How a node has ended, None if it is to run or to be decided about."""
        around = in_loops(self.loops, name)
        if not self._is_of_this_iteration(name, around):
            is_over = bool(around) and self._is_over(around[0])
            return Pin(status="skipped") if is_over else None
        if any(loop.jumps for loop in around) and not self._is_over(around[0]):
            return None
        iteration = tuple(self.rounds.get(loop.header, 0) for loop in around) or None
        return self._pin(name, iteration)

    def _pin(self, name: str, iteration: tuple[int, ...] | None) -> Pin | None:
        end = self.latest[name][1]
        if end.status == "failed":
            pin = Pin.model_construct(
                status="failed", error=end.error, cause=end.cause or "", iteration=iteration
            )
            return None if error_edge_of(self.graph, name, pin) is None else pin
        if end.status == "skipped":
            return Pin(status="skipped", iteration=iteration)
        if end.status != "succeeded":
            return None
        if not isinstance(self.graph.nodes[name].lowering, Choosing):
            return Pin(iteration=iteration)
        port = end.port or self._port(name)
        return None if port is None else Pin(output={"port": port}, iteration=iteration)

    def _is_of_this_iteration(self, name: str, around: Sequence[Loop]) -> bool:
        """Whether it ran, of a loop in the last iteration of each loop around."""
        if name not in self.latest:
            return False
        place, _ = self.latest[name]
        return all(place >= self.begun_at.get(loop.header, 0) for loop in around if not loop.jumps)

    def _is_over(self, loop: Loop) -> bool:
        """Whether a loop ran, and nothing of it is to run again."""
        ran = [name for name in loop.nodes if name in self.latest]
        return bool(ran) and not loop.nodes & self.begin and all(self._has_ended(name) for name in ran)

    def _has_ended(self, name: str) -> bool:
        end = self.latest[name][1]
        return end.status in ("succeeded", "skipped") or (
            end.status == "failed" and self._pin(name, None) is not None
        )

    def _port(self, name: str) -> str | None:
        """The port that a condition took, where what ran behind it tells: histories do not say so."""
        place, _ = self.latest[name]
        ports = [port for port in self.graph.nodes[name].ports if not port.startswith("error")]
        fitting = [port for port in ports if all(self._ran_after(place, x) for x in self._sure(name, port))]
        certain = [port for port in fitting if self._has_led_on(name, port, place)]
        return next(iter(certain), fitting[0] if len(fitting) == 1 else None)

    def _has_led_on(self, name: str, port: str, place: int) -> bool:
        """Whether something ran that nothing but this port leads to."""
        for edge in self.graph.outgoing[name]:
            others = [one for one in self.graph.incoming[edge.target] if one.index not in self.loops.turning]
            if edge.port == port and others == [edge] and self._ran_after(place, edge.target):
                return True
        return False

    def _sure(self, name: str, port: str) -> Iterator[str]:
        """The nodes that a port leads to without a condition."""
        for edge in self.graph.outgoing[name]:
            waits = self.graph.nodes[edge.target].join == "all"
            if edge.port == port and edge.when is None and not waits:
                yield edge.target

    def _ran_after(self, place: int, name: str) -> bool:
        return name in self.latest and self.latest[name][0] > place


def _all_inside(loop: Loop) -> Iterator[Loop]:
    for inner in loop.inner:
        yield inner
        yield from _all_inside(inner)
