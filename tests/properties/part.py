"""One part of a run, the triggers' or a handler's: joins, dead paths, error edges, loops, event by event."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.properties.behaviour import EXPRESSION_ERROR, Answers, Ended, Failure, Outcome, behave, matches
from tests.properties.expressions import EvaluationFailed, truth
from tests.properties.graph import Graph, Link
from tests.properties.loops import Loop, loops_of

Status = Literal["succeeded", "failed", "skipped", "cancelled"]
SLACK: Final = 1e-6
"""Seconds by which two virtual times may differ and still be the same."""


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One ending of a node: in a loop there is one for each iteration."""

    node: str
    status: Status
    started_at: float
    """Seconds since the run began; for a skipped node the time of that decision."""
    ended_at: float
    iteration: tuple[int, ...] = ()
    """Counters of the loops around it, from 0, innermost first."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When another executor really started each node: by node, one time for each of its runs.

    A node is held until that time, and one that never started there never starts. Nodes outside
    `seen` cannot be observed and start as soon as they may. Of events at the same time those of the
    node `first` come first.
    """

    starts: Mapping[str, Sequence[float]]
    seen: frozenset[str]
    first: str | None = None

    def start(self, node: str, count: int, ready: float) -> float:
        if node not in self.seen:
            return ready
        times = self.starts.get(node, ())
        return times[count] if count < len(times) else math.inf


FREE: Final = Schedule({}, frozenset())


class Part:
    """Runs once; afterwards `fatal` or `ended` tells what cut it short, `waiting` what never started."""

    def __init__(
        self,
        graph: Graph,
        names: Mapping[str, Any],
        answers: Answers,
        schedule: Schedule | None = None,
        now: float = 0.0,
    ) -> None:
        self.graph = graph
        self.names = dict(names)
        self.loops: tuple[Loop, ...] = loops_of(graph)
        self.back = {link for link in graph.links if any(loop.repeats(link) for loop in self.loops)}
        self.now = now
        self.fatal: Failure | None = None
        self.ended: Ended | None = None
        self.runs: list[NodeRun] = []
        self.unlawful: list[str] = []
        self.waiting: dict[str, float] = {}
        self._answers = answers
        self._schedule = schedule or FREE
        self._leaving: dict[str, list[Link]] = {node: [] for node in graph.nodes}
        self._entering: dict[str, list[Link]] = {node: [] for node in graph.nodes}
        for link in graph.links:
            self._leaving[link.source].append(link)
            if link not in self.back:
                self._entering[link.target].append(link)
        self._decided: set[str] = set()
        self._over: set[str] = set()
        self._running: dict[str, float] = {}
        self._taken: dict[Link, bool] = {}
        self._arrived: set[Link] = set()
        self._error: dict[str, Failure | None] = {}
        self._closed: set[str] = set()
        self._rounds: Counter[str] = Counter()
        self._starts: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._events: list[tuple[float, bool, int, Callable[[], None]]] = []
        self._sequence = 0

    # -- Start: the fired trigger's entries run whatever their joins say; other triggers' edges are dead.

    def run(self, fired: str) -> None:
        self._shut = Counter(
            node for trigger, group in self.graph.entries.items() if trigger != fired for node in set(group)
        )
        entered = set(self.graph.entries[fired])
        for node in self.graph.nodes:
            if node in entered:
                self._begin(node, None)
        for node in self.graph.nodes:
            self._consider(node)
        self._close_loops()
        while self._events and not self._cut:
            self.now, _, _, happen = heapq.heappop(self._events)
            happen()
            self._close_loops()
        for node, started in self._running.items():
            self.runs.append(NodeRun(node, "cancelled", started, self.now, self._iteration(node)))

    @property
    def _cut(self) -> bool:
        return self.fatal is not None or self.ended is not None

    def _at(self, time: float, node: str, happen: Callable[[], None]) -> None:
        self._sequence += 1
        heapq.heappush(self._events, (time, node != self._schedule.first, self._sequence, happen))

    # -- Joins: a node decides once every incoming forward edge has ended; else it is skipped.

    def _consider(self, node: str) -> None:
        if node in self._decided or not self._arrived.issuperset(self._entering[node]):
            return
        taken = [link for link in self._entering[node] if self._taken[link]]
        everything = len(self._entering[node]) + self._shut[node]
        if taken and (self.graph.nodes[node].join != "all" or len(taken) == everything):
            self._begin(node, self._carried(taken))
        else:
            self._skip(node)

    def _carried(self, taken: Sequence[Link]) -> Failure | None:
        return next((error for link in taken if (error := self._error[link.source])), None)

    def _skip(self, node: str) -> None:
        """Dead-path elimination: all edges of a skipped node are dead."""
        self._decided.add(node)
        self._over.add(node)
        self._error[node] = None
        self.runs.append(NodeRun(node, "skipped", self.now, self.now, self._iteration(node)))
        for link in self._leaving[node]:
            self._end(link, taken=False)

    def _begin(self, node: str, error: Failure | None) -> None:
        self._decided.add(node)
        self._error[node] = error
        time = self._schedule.start(node, self._starts[node], self.now)
        self._starts[node] += 1
        if time < self.now - SLACK:
            self.unlawful.append(
                f"{node} was started at {time:g} and may start at {self.now:g} at the earliest"
            )
        self.waiting[node] = self.now
        if time < math.inf:
            self._at(max(time, self.now), node, lambda: self._start(node))

    def _start(self, node: str) -> None:
        del self.waiting[node]
        self._running[node] = self.now
        error = self._error[node]
        names = self.names | {"error": error.to_json()} if error else self.names
        outcome = behave(self.graph.nodes[node], names, self._answers, self._tries[node])
        self._tries[node] += outcome.attempts
        self._at(self.now + outcome.seconds, node, lambda: self._finish(node, outcome))

    # -- Success, Error edges, unhandled failures, terminate.

    def _finish(self, node: str, outcome: Outcome) -> None:
        started = self._running.pop(node)
        self._over.add(node)
        status: Status = "failed" if outcome.failure else "succeeded"
        self.runs.append(NodeRun(node, status, started, self.now, self._iteration(node)))
        self.ended = outcome.ended
        if outcome.failure:
            self._fail(node, outcome.failure)
        elif not outcome.ended:
            self.names |= {node: outcome.output, **outcome.variables}
            self._succeed(node, outcome.port)

    def _succeed(self, node: str, port: str) -> None:
        try:
            taken = {link: link.port == port and self._holds(link) for link in self._leaving[node]}
        except EvaluationFailed as failed:
            self.fatal = Failure(EXPRESSION_ERROR, str(failed), node)
            return
        for link, is_taken in taken.items():
            self._end(link, taken=is_taken)

    def _fail(self, node: str, failure: Failure) -> None:
        """The first matching error edge is taken and the others are dead; without one it is unhandled."""
        self._error[node] = failure
        leaving = self._leaving[node]
        fitting = (x for x in leaving if x.port == "error" and matches(x.errors, failure.error))
        chosen = next((link for link in fitting if self._holds(link)), None)
        if chosen is None:
            self.fatal = failure
            return
        for link in leaving:
            self._end(link, taken=link is chosen)

    def _holds(self, link: Link) -> bool:
        error = self._error[link.source]
        names = self.names | {"error": error.to_json()} if error else self.names
        return link.when is None or truth(link.when, names)

    # -- Back edges: an iteration ends when everything it started has ended; then it repeats or is left.

    def _end(self, link: Link, *, taken: bool) -> None:
        self._taken[link] = taken
        self._deliver(link)

    def _deliver(self, link: Link) -> None:
        held = any(loop.holds_back(link) and loop.header not in self._closed for loop in self.loops)
        if not held and link not in self.back:
            self._arrived.add(link)
            self._consider(link.target)

    def _close_loops(self) -> None:
        changed = True
        while changed and not self._cut:
            changed = False
            for loop in self.loops:
                if loop.header not in self._closed and loop.nodes <= self._over:
                    self._close(loop)
                    changed = True

    def _close(self, loop: Loop) -> None:
        ways = [link for link in self.graph.links if loop.holds_back(link)]
        again = [link for link in ways if loop.repeats(link) and self._taken[link]]
        if again:
            error = self._carried(again)
            self._reset(loop)
            self._begin(loop.header, error)
            return
        self._closed.add(loop.header)
        for link in ways:
            self._deliver(link)

    def _reset(self, loop: Loop) -> None:
        for inner in self.loops:
            if inner.nodes < loop.nodes:
                self._closed.discard(inner.header)
                self._rounds[inner.header] = 0
        self._rounds[loop.header] += 1
        self._decided -= loop.nodes
        self._over -= loop.nodes
        self.names |= dict.fromkeys(loop.nodes)
        self._arrived -= {link for link in self.graph.links if link.source in loop.nodes}

    def _iteration(self, node: str) -> tuple[int, ...]:
        return tuple(self._rounds[loop.header] for loop in self.loops if node in loop.nodes)
