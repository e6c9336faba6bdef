"""One part of a run, the triggers' or a handler's: joins, dead paths, error edges, loops, event by event."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from tests.properties.agenda import Agenda
from tests.properties.behaviour import EXPRESSION_ERROR, Answers, Ended, Failure, Outcome, behave, matches
from tests.properties.expressions import EvaluationFailed, truth
from tests.properties.given import NOTHING, Given, idle_nodes, in_order
from tests.properties.given import Ended as Before
from tests.properties.graph import Graph, Link, preference, reached
from tests.properties.jumping import entered, jumps_of
from tests.properties.loops import Loop, loops_of
from tests.properties.racing import races_of
from tests.properties.schedule import FREE, SLACK, NodeRun, Schedule, Status


class Part:
    """Runs once; afterwards `fatal` or `ended` tells what cut it short, `waiting` what never started."""

    def __init__(
        self,
        graph: Graph,
        names: Mapping[str, Any],
        answers: Answers,
        schedule: Schedule | None = None,
        now: float = 0.0,
        given: Given = NOTHING,
    ) -> None:
        self.graph = graph
        self.given = given
        self.names = {**names, **given.variables}
        self.loops: tuple[Loop, ...] = loops_of(graph)
        self.back = {link for link in graph.links if any(loop.repeats(link) for loop in self.loops)}
        self.forward = [link for link in graph.links if link not in self.back]
        self._jump_of = {node: circle for circle in jumps_of(graph) for node in circle}
        self._races = races_of(graph, self.loops)
        self.now = now
        self.fatal: Failure | None = None
        self.ended: Ended | None = None
        self.runs: list[NodeRun] = []
        self.succeeded: set[str] = set()
        self.won_at: list[float] = []
        self.changes: list[tuple[str, float, Mapping[str, Any]]] = []
        """What each node that set variables made of them, and when, in that order."""
        self.log: list[tuple[str, float, Before]] = []
        """How and when each node ended, in that order."""
        self.unlawful: list[str] = []
        self.waiting: dict[str, float] = {}
        self._answers = answers
        self._schedule = schedule or FREE
        first = self._schedule.first
        self._agenda = Agenda(reached(first, [link.reversed() for link in self.forward]) if first else ())
        self._leaving = {node: [x for x in graph.links if x.source == node] for node in graph.nodes}
        self._entering = {node: [x for x in self.forward if x.target == node] for node in graph.nodes}
        self._decided: set[str] = set()
        self._jumping: set[frozenset[str]] = set()
        self._over: set[str] = set()
        self._running: dict[str, float] = {}
        self._taken: dict[Link, bool] = {}
        self._arrived: set[Link] = set()
        self._error: dict[str, Failure | None] = {}
        self._closed: set[str] = set()
        self._rounds: Counter[str] = Counter()
        self._starts: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()

    # -- Start: the fired trigger's entries run whatever their joins say; other triggers' edges are dead.

    def run(self, fired: str) -> None:
        self._shut = Counter(
            node for trigger, group in self.graph.entries.items() if trigger != fired for node in set(group)
        )
        given = self.given
        idle = idle_nodes(self.graph, self.forward, self.loops, given.pins, given.wanted)
        self._decided |= idle
        self._closed |= {loop.header for loop in self.loops if loop.header in idle}
        self._over |= idle | given.pins.keys()
        for node, pin in given.pins.items():
            around = [loop.header for loop in reversed(self.loops) if node in loop.nodes]
            self._rounds |= Counter(dict(zip(around, pin.iteration, strict=False)))
        entered = set(self.graph.entries[fired]) - self.given.pins.keys() - idle
        for node in self.graph.nodes:
            if node in entered:
                self._jumping |= {self._jump_of.get(node, frozenset())}
                self._begin(node, None)
        self._end_pinned()
        for node in self.graph.nodes:
            self._consider(node)
        self._close_loops()
        while not self._cut and (found := self._agenda.take()):
            self.now = max(self.now, found[0])
            found[1]()
            self._close_loops()
        for node in list(self._running):
            self._cancel(node)

    # -- Pins: a pinned node has ended; its edges are taken as if it had just done so.

    def _end_pinned(self) -> None:
        pins = self.given.pins
        onward = [x for x in self.forward if x.target not in self._jump_of.get(x.source, ())]
        ended = [node for node in in_order(self.graph, onward) if node in pins]
        self._decided |= set(ended)
        self.succeeded |= {node for node in ended if pins[node].status == "succeeded"}
        self.names |= {node: pins[node].output for node in ended}
        for node in ended:
            self._error[node] = self._carried([x for x in self._entering[node] if self._taken.get(x)])
            failure = pins[node].failure
            if failure:
                self._fail(node, failure)
            elif node in self.succeeded:
                self._succeed(node, pins[node].port)
            else:
                for link in self._leaving[node]:
                    self._end(link, taken=False)

    @property
    def _cut(self) -> bool:
        return self.fatal is not None or self.ended is not None

    # -- Joins: a node decides once every incoming forward edge has ended; else it is skipped.

    def _consider(self, node: str) -> None:
        if node in self._jump_of:
            self._jump_in(self._jump_of[node])
            return
        if node in self._decided:
            return
        arrived = [link for link in self._entering[node] if link in self._arrived]
        taken = [link for link in arrived if self._taken[link]]
        if taken and node in self._races:
            self._win(node, taken[0])
        elif len(arrived) < len(self._entering[node]):
            return
        everything = len(self._entering[node]) + self._shut[node]
        if taken and (self.graph.nodes[node].join != "all" or len(taken) == everything):
            self._begin(node, self._carried(taken))
        else:
            self._skip(node)

    # -- Irreducible loops without a fork are plain jumps: whoever is led to runs, nothing is reset.

    def _jump_in(self, circle: frozenset[str]) -> None:
        ways = [x for node in circle for x in self._entering[node] if x.source not in circle]
        if circle not in self._jumping and all(link in self._arrived for link in ways):
            self._jumping.add(circle)
            taken = [link for link in ways if self._taken[link]]
            target = entered(circle, taken)
            if target is not None:
                self._begin(target, self._carried(taken))
            else:
                self._jump_out(circle, None)

    def _jump_out(self, circle: frozenset[str], last: str | None) -> None:
        for node in sorted(circle - self._decided):
            self.runs.append(NodeRun(node, "skipped", self.now, self.now, self._iteration(node)))
            self._error[node] = None
        self._decided |= circle
        self._over |= circle
        for link in [x for x in self.graph.links if x.source in circle and x.target not in circle]:
            self._end(link, taken=link.source == last and self._taken.get(link, False))

    def _carried(self, taken: Sequence[Link]) -> Failure | None:
        return next((error for link in taken if (error := self._error[link.source])), None)

    def _skip(self, node: str) -> None:
        """Dead-path elimination: all edges of a skipped node are dead."""
        self._decided.add(node)
        self._over.add(node)
        self._error[node] = None
        self.runs.append(NodeRun(node, "skipped", self.now, self.now, self._iteration(node)))
        self._note(node, Before("skipped"))
        for link in self._leaving[node]:
            self._end(link, taken=False)

    def _note(self, node: str, ended: Before) -> None:
        outermost_first = tuple(reversed(self._iteration(node)))
        self.log.append((node, self.now, replace(ended, iteration=outermost_first)))

    def _win(self, join: str, link: Link) -> None:
        """What is under way before a `join: first` is cancelled; only what led to the winner is kept."""
        before = self._races[join]
        self.won_at.append(self.now)
        for node in before:
            if node in self._running or node in self.waiting:
                self._cancel(node)
            elif node not in self._over:
                self.runs.append(NodeRun(node, "skipped", self.now, self.now, self._iteration(node)))
            dead = [one for one in self._leaving[node] if one not in self._taken]
            self._taken |= dict.fromkeys(dead, False)
            self._arrived |= set(self._leaving[node])
        self._decided |= before
        self._jumping |= {circle for circle in self._jump_of.values() if circle <= before}
        self._over |= before
        self._closed |= {loop.header for loop in self.loops if loop.nodes <= before}
        kept = reached([link.source], [one.reversed() for one in self.forward])
        kept = kept.union(*(loop.nodes for loop in self.loops if loop.nodes <= before and loop.nodes & kept))
        self.succeeded -= before - kept
        self.names |= dict.fromkeys(before - kept)

    def _cancel(self, node: str) -> None:
        self._agenda.cancel(node)
        self.waiting.pop(node, None)
        started = self._running.pop(node, None)
        status: Status = "skipped" if started is None else "cancelled"
        begun = self.now if started is None else started
        self.runs.append(NodeRun(node, status, begun, self.now, self._iteration(node)))

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
            self._agenda.put(max(time, self.now), node, lambda: self._start(node))

    def _start(self, node: str) -> None:
        del self.waiting[node]
        self._running[node] = self.now
        error = self._error[node]
        names = self.names | {"error": error.to_json()} if error else self.names
        outcome = behave(self.graph.nodes[node], names, self._answers, self._tries[node])
        self._tries[node] += outcome.attempts
        self._agenda.put(self.now + outcome.seconds, node, lambda: self._finish(node, outcome))

    # -- Success, Error edges, unhandled failures, terminate.

    def _finish(self, node: str, outcome: Outcome) -> None:
        started = self._running.pop(node)
        self._over.add(node)
        status: Literal["failed", "succeeded"] = "failed" if outcome.failure else "succeeded"
        self.runs.append(NodeRun(node, status, started, self.now, self._iteration(node)))
        self.ended = outcome.ended
        self._note(
            node,
            Before(
                "failed" if outcome.failure else "succeeded", outcome.output, outcome.port, outcome.failure
            ),
        )
        if outcome.failure:
            self._fail(node, outcome.failure)
        elif not outcome.ended:
            self.succeeded.add(node)
            self.names |= {node: outcome.output, **outcome.variables}
            self.changes.append((node, self.now, outcome.variables))
            self._succeed(node, outcome.port)

    def _succeed(self, node: str, port: str) -> None:
        try:
            taken = {link: link.port == port and self._holds(link) for link in self._leaving[node]}
        except EvaluationFailed as failed:
            self.fatal = Failure(EXPRESSION_ERROR, str(failed), node)
            return
        self._give(node, taken)

    def _give(self, node: str, taken: Mapping[Link, bool]) -> None:
        """Lets the node's edges end."""
        circle = self._jump_of.get(node)
        if circle is None:
            for link, is_taken in taken.items():
                self._end(link, taken=is_taken)
            return
        self._taken |= taken
        target = next((x.target for x, is_taken in taken.items() if is_taken and x.target in circle), None)
        if target is None:
            self._jump_out(circle, node)
        else:
            self._over.discard(target)
            self._begin(target, self._error[node])

    def _fail(self, node: str, failure: Failure) -> None:
        """The best matching error edge is taken and the others are dead; without one it is unhandled."""
        self._error[node] = failure
        leaving = self._leaving[node]
        fitting = [x for x in leaving if x.port == "error" and matches(x.errors or ("*",), failure.error)]
        chosen = min(fitting, key=preference, default=None)
        if chosen is None:
            self.fatal = failure
            return
        self._give(node, {link: link is chosen for link in leaving})

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
        self._jumping -= {circle for circle in self._jump_of.values() if circle <= loop.nodes}
        self._over -= loop.nodes
        self.succeeded -= loop.nodes
        self.names |= dict.fromkeys(loop.nodes)
        repeated = [link for link in self.graph.links if link.source in loop.nodes]
        self._arrived -= set(repeated)
        for link in repeated:
            self._taken.pop(link, None)

    def _iteration(self, node: str) -> tuple[int, ...]:
        return tuple(self._rounds[loop.header] for loop in self.loops if node in loop.nodes)
