"""Admission as a model: any number of processes at once, each of which may die before any call it makes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from layers.runtime.admission.limit import Limit
from layers.runtime.store.runs import OPEN, Run
from tests.properties.admission_world import World
from tests.properties.share import cases

KEY: Any = [{"path": ["key"]}]
_AT_LEAST_MINUTES = 40


class Admission(RuleBasedStateMachine):
    """Starts, ends, lost and repeated events, sweeps, outages and deaths in any order."""

    world: World

    @initialize(most=st.integers(1, 3), on_limit=st.sampled_from(["queue", "queue", "skip", "cancel_oldest"]))
    def deploy(self, most: int, on_limit: Any) -> None:
        self.world = World(Limit(most, on_limit, key=KEY))

    @rule(
        key=st.sampled_from("ab"),
        priority=st.integers(0, 9),
        delivery=st.none() | st.sampled_from(["1", "2"]),
    )
    def start(self, key: str, priority: int, delivery: str | None) -> None:
        self.world.processes.begin(lambda: self.world.start(key, priority, delivery and key + delivery))

    @rule(key=st.sampled_from("ab"), many=st.integers(1, 4))
    def start_at_once(self, key: str, many: int) -> None:
        for _ in range(many):
            self.world.start(key, 5, None)

    @precondition(lambda self: self.world.processes.alive)
    @rule(data=st.data(), steps=st.integers(1, 6))
    def step(self, data: st.DataObject, steps: int) -> None:
        alive = self.world.processes.alive
        process = alive[data.draw(st.integers(0, len(alive) - 1))]
        for _ in range(steps):
            if process in alive:
                self.world.processes.step(process)
                self.never_too_many()

    @precondition(lambda self: self.world.processes.alive)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        alive = self.world.processes.alive
        self.world.processes.finish(alive[data.draw(st.integers(0, len(alive) - 1))])

    @precondition(lambda self: self.world.processes.alive)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        alive = self.world.processes.alive
        self.world.processes.kill(alive[data.draw(st.integers(0, len(alive) - 1))])

    @precondition(lambda self: self.world.service.under_way())
    @rule(data=st.data(), status=st.sampled_from(["SUCCEEDED", "FAILED", "ABORTED"]))
    def end(self, data: st.DataObject, status: str) -> None:
        under_way = self.world.service.under_way()
        self.world.service.executions[data.draw(st.sampled_from(under_way))]["status"] = status

    @precondition(lambda self: self._ended())
    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        arn = data.draw(st.sampled_from(self._ended()))
        self.world.processes.begin(lambda: self.world.tell(arn))

    def _ended(self) -> list[str]:
        return [arn for arn, each in self.world.service.executions.items() if each["status"] != "RUNNING"]

    @precondition(lambda self: self.world.runs())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self.world.runs()))
        self.world.processes.begin(lambda: self.world.cancel(run))

    @rule()
    def sweep(self) -> None:
        self.world.processes.begin(self.world.sweep)

    @rule(seconds=st.sampled_from([1, 30, 61, 400, 1300]))
    def pass_time(self, seconds: int) -> None:
        self.world.pass_seconds(seconds)

    @rule(is_away=st.booleans(), loses_answers=st.booleans())
    def break_or_mend(self, is_away: bool, loses_answers: bool) -> None:
        self.world.service.is_away, self.world.service.loses_answers = is_away, loses_answers

    @invariant()
    def never_too_many(self) -> None:
        if hasattr(self, "world"):
            assert self.world.most_under_way() <= self.world.limit.most

    @invariant()
    def slots_count_their_leases(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.note_places()
        for key, item in self.world.table.items.items():
            if key.sk == "slots":
                assert item["held"] == sum(name.startswith("lease#") for name in item)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.recover(_AT_LEAST_MINUTES + 2 * len(world.runs()))
        runs = {run.id: run for run in world.runs()}
        for item in world.table.items.values():
            assert not str(item["sk"]).startswith("waiting#"), item
            assert item.get("held", 0) == 0, item
        for name in world.accepted:
            began = any(each["name"] == name for each in world.service.executions.values())
            assert began or runs[name].status == "cancelled", runs[name]
        for run in runs.values():
            # Nobody has told the recorder of the ends: what has begun is still recorded as running.
            assert run.status not in OPEN or run.status == "running", run
        self._nobody_starved(list(runs.values()))

    def _nobody_starved(self, runs: list[Run]) -> None:
        """Nine levels of priority are nine minutes: whoever waited longer than that goes first."""
        places = self.world.places
        waited = [run for run in runs if run.id in places and run.admitted_at is not None]
        for run in waited:
            for other in waited:
                if run.key == other.key and places[run.id] + 541 < places[other.id]:
                    assert str(run.admitted_at) <= str(other.admitted_at), (run, other)


AdmissionTest = Admission.TestCase
AdmissionTest.settings = settings(
    max_examples=cases(10, ordinary=20),
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
