"""One part of a run, of triggers, a handler or an iteration: joins, dead paths, error edges, loops."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from tests.properties.behaviour import EXPRESSION_ERROR, Ended, Failure, Outcome, behave, matches
from tests.properties.expressions import EvaluationFailed, truth
from tests.properties.given import NOTHING, Given, cut_short, in_order
from tests.properties.given import Ended as Before
from tests.properties.graph import Link, preference, reached
from tests.properties.jumping import entered
from tests.properties.loops import Loop
from tests.properties.plan import Plan
from tests.properties.progress import Progress
from tests.properties.schedule import SLACK, NodeRun, Status
from tests.properties.world import Body, Names, Place, World, is_body


class Part(Progress):
    """Runs once; afterwards `fatal` or `ended` tells what cut it short, and `done` is called."""

    def __init__(
        self,
        world: World,
        plan: Plan,
        names: Names,
        place: Place,
        done: Callable[[Part], None],
        given: Given = NOTHING,
    ) -> None:
        super().__init__(plan, names)
        self.fatal: Failure | None = None
        self.ended: Ended | None = None
        self.changes: list[tuple[str, float, Mapping[str, Any]]] = []
        """What each node that set variables made of them, and when, in that order."""
        self.log: list[tuple[str, float, Before]] = []
        """How and when each node ended, in that order."""
        self.given = given
        self.world = world
        self._place = place
        self._done = done
        self._over_all = False
        self._waiting: set[str] = set()
        self._running: dict[str, float] = {}
        self._bodies: dict[str, Body] = {}
        self._tickets: Counter[str] = Counter()
        first = world.schedule.first
        self._hurried = reached(first, [link.reversed() for link in plan.forward]) if first else set()

    # -- Start: the fired trigger's entries run whatever their joins say; other triggers' edges are dead.

    def begin(self, fired: str) -> None:
        """Starts what that trigger enters."""
        entries = self.plan.graph.entries
        self._shut = Counter(
            node for trigger, group in entries.items() if trigger != fired for node in set(group)
        )
        idle = self._go_on(self.given)
        entered = set(entries[fired]) - self.given.pins.keys() - idle
        for node in self.plan.graph.nodes:
            if node in entered:
                self._jumping |= {self.plan.jump_of.get(node, frozenset())}
                self._begin(node, None)
        self._end_pinned()
        for node in self.plan.graph.nodes:
            self._consider(node)
        self._settle()

    # -- Pins: a pinned node has ended; its edges are taken as if it had just done so.

    def _end_pinned(self) -> None:
        pins = self.given.pins
        onward = [x for x in self.plan.forward if x.target not in self.plan.jump_of.get(x.source, ())]
        ended = [node for node in in_order(self.plan.graph, onward) if node in pins] if pins else []
        self._decided |= set(ended)
        self.succeeded |= {node for node in ended if pins[node].status == "succeeded"}
        self.names |= {node: pins[node].output for node in ended}
        for node in ended:
            self._error[node] = self._carried([x for x in self.plan.entering[node] if self._taken.get(x)])
            failure = pins[node].failure
            if failure:
                self._fail(node, failure)
            elif node in self.succeeded:
                self._succeed(node, pins[node].port)
            else:
                for link in self.plan.leaving[node]:
                    self._end(link, taken=False)

    def cancel(self) -> None:
        """Ends what is under way."""
        self._over_all = True
        for node in list(self._running):
            self._cancel(node)
        for node in self._waiting:
            self.world.waiting.pop((node, self._place.items))

    def seen(self, error: Failure | None = None) -> dict[str, Any]:
        """What expressions see now."""
        return {**self.names, **self.world.variables, **({"error": error.to_json()} if error else {})}

    @property
    def _now(self) -> float:
        return self.world.clock.now

    @property
    def _cut(self) -> bool:
        return self.fatal is not None or self.ended is not None

    def _settle(self) -> None:
        """After anything happened: loops go on or are left, and the part ends if nothing is under way."""
        self._close_loops()
        if self._cut:
            self.world.cuts.append(self._now)
        elif self._running or self._waiting:
            return
        self.cancel()
        self._done(self)

    def _at(self, time: float, node: str, happen: Callable[[], None]) -> None:
        """Lets something happen to the node, unless it is cancelled before."""
        ticket = self._tickets[node]

        def happen_unless_cancelled() -> None:
            if ticket == self._tickets[node] and not self._over_all:
                happen()
                self._settle()

        self.world.clock.at(time, happen_unless_cancelled, first=node in self._hurried)

    # -- Joins: a node decides once every incoming forward edge has ended; else it is skipped.

    def _consider(self, node: str) -> None:
        if node in self.plan.jump_of:
            self._jump_in(self.plan.jump_of[node])
            return
        if node in self._decided:
            return
        arrived = [link for link in self.plan.entering[node] if link in self._arrived]
        taken = [link for link in arrived if self._taken[link]]
        if taken and node in self.plan.races:
            self._win(node, taken[0])
        elif len(arrived) < len(self.plan.entering[node]):
            return
        everything = len(self.plan.entering[node]) + self._shut[node]
        if taken and (self.plan.graph.nodes[node].join != "all" or len(taken) == everything):
            self._begin(node, self._carried(taken))
        else:
            self._skip(node)

    # -- Irreducible loops without a fork are plain jumps: whoever is led to runs, nothing is reset.

    def _jump_in(self, circle: frozenset[str]) -> None:
        ways = [x for node in circle for x in self.plan.entering[node] if x.source not in circle]
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
            self._record(node, "skipped")
            self._error[node] = None
        self._decided |= circle
        self._over |= circle
        for link in [x for x in self.plan.graph.links if x.source in circle and x.target not in circle]:
            self._end(link, taken=link.source == last and self._taken.get(link, False))

    def _skip(self, node: str) -> None:
        """Dead-path elimination: all edges of a skipped node are dead."""
        self._decided.add(node)
        self._over.add(node)
        self._error[node] = None
        self._record(node, "skipped")
        self._note(node, Before("skipped"))
        for link in self.plan.leaving[node]:
            self._end(link, taken=False)

    def _win(self, join: str, link: Link) -> None:
        """What is under way before a `join: first` is cancelled; only what led to the winner is kept."""
        before = cut_short(self.plan, self.given.pins, join)
        self.world.cuts.append(self._now)
        for node in before:
            if node in self._running or node in self._waiting:
                self._cancel(node)
            elif node not in self._over:
                self._record(node, "skipped")
            dead = [one for one in self.plan.leaving[node] if one not in self._taken]
            self._taken |= dict.fromkeys(dead, False)
            self._arrived |= set(self.plan.leaving[node])
        self._forget(before, link)

    def _cancel(self, node: str) -> None:
        self._tickets[node] += 1
        if node in self._waiting:
            self._wait_no_more(node)
        started = self._running.pop(node, None)
        self._record(node, "skipped" if started is None else "cancelled", started)
        body = self._bodies.pop(node, None)
        if body:
            body.cancel()

    def _record(self, node: str, status: Status, started: float | None = None) -> None:
        """Notes that the node has ended now; one that has not run and holds others, skips them."""
        begun = self._now if started is None else started
        place = self._place_of(node)
        self.world.runs.append(NodeRun(node, status, begun, self._now, place.iteration, place.items))
        if started is None and is_body(self.plan.graph.nodes[node]):
            self.world.skip(node, place)

    def _note(self, node: str, ended: Before) -> None:
        outermost_first = tuple(reversed(self._rounds_of(node)))
        self.log.append((node, self._now, replace(ended, iteration=outermost_first)))

    def _place_of(self, node: str) -> Place:
        return Place((*self._rounds_of(node), *self._place.iteration), self._place.items)

    def _begin(self, node: str, error: Failure | None) -> None:
        self._decided.add(node)
        self._error[node] = error
        here = (node, self._place.items)
        time = self.world.schedule.start(node, self._place.items, self.world.starts[here], self._now)
        self.world.starts[here] += 1
        if time < self._now - SLACK:
            self.world.unlawful.append(
                f"{node} was started at {time:g} and may start at {self._now:g} at the earliest"
            )
        self._waiting.add(node)
        self.world.waiting[here] = self._now
        if time < math.inf:
            self._at(max(time, self._now), node, lambda: self._start(node))

    def _wait_no_more(self, node: str) -> None:
        self._waiting.remove(node)
        del self.world.waiting[node, self._place.items]

    def _start(self, node: str) -> None:
        self._wait_no_more(node)
        self._running[node] = self._now
        world, model, names = self.world, self.plan.graph.nodes[node], self.seen(self._error[node])

        def done(outcome: Outcome) -> None:
            self._at(self._now + outcome.seconds, node, lambda: self._finish(node, outcome))

        if is_body(model):
            self._bodies[node] = world.body_of(world, model, names, self._place_of(node), done)
            self._bodies[node].begin()
            return
        here = (node, self._place.items)
        outcome = behave(model, names, partial(world.answers, self._place.items), world.tries[here])
        world.tries[here] += outcome.attempts
        done(outcome)

    # -- Success, Error edges, unhandled failures, terminate.

    def _finish(self, node: str, outcome: Outcome) -> None:
        self._over.add(node)
        self._bodies.pop(node, None)
        self._record(node, "failed" if outcome.failure else "succeeded", self._running.pop(node))
        self.ended = outcome.ended
        status: Literal["failed", "succeeded"] = "failed" if outcome.failure else "succeeded"
        self._note(node, Before(status, outcome.output, outcome.port, outcome.failure))
        if outcome.failure:
            self._fail(node, outcome.failure)
        elif not outcome.ended:
            self.succeeded.add(node)
            self.names[node] = outcome.output
            self.world.variables |= outcome.variables
            self.changes.append((node, self._now, outcome.variables))
            self._succeed(node, outcome.port)

    def _succeed(self, node: str, port: str) -> None:
        try:
            taken = {link: link.port == port and self._holds(link) for link in self.plan.leaving[node]}
        except EvaluationFailed as failed:
            self.fatal = Failure(EXPRESSION_ERROR, str(failed), node)
            return
        self._give(node, taken)

    def _give(self, node: str, taken: Mapping[Link, bool]) -> None:
        """Lets the node's edges end."""
        circle = self.plan.jump_of.get(node)
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
        leaving = self.plan.leaving[node]
        fitting = [x for x in leaving if x.port == "error" and matches(x.errors or ("*",), failure.error)]
        chosen = min(fitting, key=preference, default=None)
        if chosen is None:
            self.fatal = failure
            return
        self._give(node, {link: link is chosen for link in leaving})

    def _holds(self, link: Link) -> bool:
        return link.when is None or truth(link.when, self.seen(self._error[link.source]))

    # -- Back edges: an iteration ends when everything it started has ended; then it repeats or is left.

    def _end(self, link: Link, *, taken: bool) -> None:
        self._taken[link] = taken
        self._deliver(link)

    def _deliver(self, link: Link) -> None:
        held = any(loop.holds_back(link) and loop.header not in self._closed for loop in self.plan.loops)
        if not held and link not in self.plan.back:
            self._arrived.add(link)
            self._consider(link.target)

    def _close_loops(self) -> None:
        changed = True
        while changed and not self._cut:
            changed = False
            for loop in self.plan.loops:
                if loop.header not in self._closed and loop.nodes <= self._over:
                    self._close(loop)
                    changed = True

    def _close(self, loop: Loop) -> None:
        ways = [link for link in self.plan.graph.links if loop.holds_back(link)]
        again = [link for link in ways if loop.repeats(link) and self._taken[link]]
        if again:
            error = self._carried(again)
            self._reset(loop)
            self._begin(loop.header, error)
            return
        self._closed.add(loop.header)
        for link in ways:
            self._deliver(link)
