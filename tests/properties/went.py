"""Reads from a history which ways a run took, as the forecast's formula asks, and what it counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from translator.asl import Fail, Map, State, States, Task, inner_scopes
from translator.forecast.cycles import Cycle
from translator.forecast.passage import Figures, Ways, only_follower

Event: TypeAlias = Mapping[str, Any]
_BEGINNING = frozenset({"ParallelStateStarted", "MapIterationStarted"})
_ENDED_ATTEMPT = frozenset({"TaskFailed", "TaskTimedOut", "EvaluationFailed"})


@dataclass
class Went:
    """One execution's events, and the top scope of its machine."""

    events: Sequence[Event]
    machine: States
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    began: Counter[str] = field(default_factory=Counter)
    """By a scope's first state."""
    iterations: Counter[str] = field(default_factory=Counter)
    """By a Map's name."""
    left: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for event in self.events:
            self._take(event)

    @property
    def figures(self) -> Figures:
        """What the service counts: states entered and attempts repeated, functions called, events written."""
        transitions = self.entered.total() + self.again.total()
        return Figures(transitions, self.called.total() + self.again.total(), len(self.events))

    @property
    def retries(self) -> int:
        """How many attempts came after a failed one."""
        return self.again.total()

    @property
    def has_failures(self) -> bool:
        """Whether anything failed that no branch was meant to."""
        kinds = {event["type"] for event in self.events}
        return not kinds.isdisjoint(_ENDED_ATTEMPT)

    def repeats(self, cycle: Cycle) -> list[int]:
        """Of each passage through the cycle, how often it was repeated."""
        inside, found = frozenset(cycle.states), list[int]()
        for event in self.events:
            if event["type"].endswith("StateEntered") and _name(event) in inside:
                before = self._before(event)
                is_jump = before["type"].endswith("StateExited") and _name(before) in inside
                if not is_jump:
                    found.append(0)
                elif _name(event) == cycle.header:
                    found[-1] += 1
        return found

    @cached_property
    def ways(self) -> Ways:
        """What the run decided, and where it was cut."""
        states = dict(every_state(self.machine))
        stayed = {
            name: self.entered[name] - self.left[name]
            for name, state in states.items()
            if not isinstance(state, Fail)
        }
        open_visits = {(name, True): count for name, count in self.cut.items()}
        open_visits |= {(name, False): count - self.cut[name] for name, count in stayed.items()}
        tasks = [name for name, state in states.items() if isinstance(state, Task)]
        return Ways(
            taken={way: n for way, n in self.taken.items() if only_follower(states[way[0]]) is None},
            open=open_visits,
            iterations=self.iterations,
            cut_before=self._cut_before(states),
            tried_again=self.again,
            failed_attempts=self.failed,
            uncalled={name: self.entered[name] - self.called[name] for name in tasks},
            failed_expressions=sum(event["type"] == "EvaluationFailed" for event in self.events)
            + self._ended_in_vain(),
        )

    def _ended_in_vain(self) -> int:
        """How often all branches of a state ended well, and it was never left: its own output failed."""
        kinds = [str(event["type"]) for event in self.events]
        following = zip(kinds, kinds[1:], kinds[2:], kinds[3:], strict=False)
        ended = [(now, then) for before, now, _, then in following if before.endswith("StateSucceeded")]
        return sum(now == "EvaluationFailed" and not then.endswith("StateExited") for now, then in ended)

    def _cut_before(self, states: Mapping[str, State]) -> Counter[str]:
        """What was about to begin: behind a state that was left, or in a branch that was just started."""
        found: Counter[str] = Counter()
        for name, state in states.items():
            follower = only_follower(state)
            if follower is not None:
                found[follower] += self.left[name] - self.taken[name, follower]
            begun = (self.iterations if isinstance(state, Map) else self.entered)[name]
            for inner in inner_scopes(state):
                found[inner.start_at] += begun - self.began[inner.start_at]
        return found

    def _take(self, event: Event) -> None:
        kind, before = str(event["type"]), self._before(event)
        if kind.endswith("StateEntered"):
            self.entered[_name(event)] += 1
            if before["type"].endswith("StateExited"):
                self.taken[_name(before), _name(event)] += 1
            self.began[_name(event)] += before["type"] in _BEGINNING
        elif kind == "MapIterationStarted":
            self.iterations[event["mapIterationStartedEventDetails"]["name"]] += 1
        elif kind.endswith("StateExited"):
            self.left[_name(event)] += 1
        elif kind.endswith("StateAborted"):
            state = self._state(event)
            self.cut[state] += 1
            self.failed[state] += before["type"] in _ENDED_ATTEMPT
        elif kind == "TaskScheduled":
            is_first = before["type"] == "TaskStateEntered"
            (self.called if is_first else self.again)[self._state(event)] += 1
            self.failed[self._state(event)] += not is_first

    @cached_property
    def _by_id(self) -> Mapping[int, Event]:
        return {event["id"]: event for event in self.events}

    def _before(self, event: Event) -> Event:
        return self._by_id.get(event["previousEventId"], {"type": ""})

    def _state(self, event: Event) -> str:
        """The state of whose visit an event is part; visits inside it are passed over."""
        passed = 0
        while True:
            event = self._before(event)
            passed += event["type"].endswith("StateExited")
            if event["type"].endswith("StateEntered"):
                if not passed:
                    return _name(event)
                passed -= 1


def _name(event: Event) -> str:
    details = event.get("stateEnteredEventDetails") or event["stateExitedEventDetails"]
    return str(details["name"])


def every_state(scope: States) -> Iterator[tuple[str, State]]:
    """All states with their names, those of inner scopes too."""
    for name, state in scope.states.items():
        yield name, state
        for inner in inner_scopes(state):
            yield from every_state(inner)
