"""What happens when a run has ended: events, and the actions of `on_end`, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.activate.activation import Activator
from functions.activate.dispatch import answer
from functions.recorder.recording import Recorder, record
from layers.runtime.endings import Endings
from layers.runtime.errors import PlatformError
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.awaited import Awaiting, keep_awaiting
from layers.runtime.store.endings import set_error_workflow
from layers.runtime.store.runs import Run
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeClock, FakeStepFunctions

ALIAS = "arn:aws:states:eu-west-1:123456789012:stateMachine:main-order-fulfilment:live"


@dataclass
class Outside:
    """A bus and a queue that keep what they are given."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False

    def put_events(self, **arguments: Any) -> dict[str, Any]:
        if self.refuses:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
        self.entries += [{**one, "Detail": json.loads(one["Detail"])} for one in arguments["Entries"]]
        return {"FailedEntryCount": 0}

    def send_message(self, **arguments: Any) -> dict[str, Any]:
        self.messages.append(json.loads(arguments["MessageBody"]))
        return {}

    @property
    def kinds(self) -> list[str]:
        return [entry["DetailType"] for entry in self.entries]


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def recorder(store: Store, step_functions: FakeStepFunctions, outside: Outside, clock: FakeClock) -> Recorder:
    endings = Endings(store, outside, "bus", Queue(outside, "starts"), clock)
    return Recorder(store, step_functions, clock, endings)


@pytest.fixture
def fail(
    starter: Starter,
    activator: Activator,
    write_draft: Callable[..., WorkflowHead],
    step_functions: FakeStepFunctions,
) -> Callable[..., dict[str, Any]]:
    """Activates a workflow with that `on_end`, and gives the status event of a run of it that failed."""

    def run(on_end: list[dict[str, str]], status: str = "FAILED") -> dict[str, Any]:
        write_draft(on_end=on_end)
        answer({"action": "activate", "workflow": "order-fulfilment"}, activator)
        trigger: dict[str, Any] = {"id": "new_order", "type": "webhook", "body": 1}
        started: Run = start_run(starter, StartRequest("order-fulfilment", 1, ALIAS, trigger, "ann"))
        ending = {"error": "Network", "cause": "c"} if status == "FAILED" else {"output": '{"paid": 7}'}
        step_functions.end(started.execution_arn, status, **ending)
        machine = ALIAS.rpartition(":")[0]
        return {"detail": {"executionArn": started.execution_arn, "stateMachineArn": machine}}

    return run


def test_the_end_of_a_run_is_told_with_its_lineage(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside
) -> None:
    assert record(fail([]), recorder) == "recorded"
    [entry] = outside.entries
    assert (entry["Source"], entry["DetailType"], entry["EventBusName"]) == ("steploom", "run.failed", "bus")
    told = entry["Detail"]
    assert (told["workflow"], told["status"], told["error"]) == ("order-fulfilment", "failed", "Network")
    assert (told["parent"], told["trigger"]) == (None, {"id": "new_order", "type": "webhook"})


def test_what_the_workflow_says_is_done_once_however_often_the_event_comes(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside
) -> None:
    on_end = [
        {"on": "failed", "emit": "order.failed"},
        {"on": "ended", "notify": "team"},
        {"on": "succeeded", "emit": "order.paid"},
    ]
    event = fail(on_end)
    for outcome in ("recorded", "recorded before", "recorded before"):
        assert record(event, recorder) == outcome
    assert outside.kinds == ["run.failed", "order.failed", "notification", "run.failed", "run.failed"]
    assert len({one["Detail"]["id"] for one in outside.entries if one["DetailType"] == "run.failed"}) == 1
    [notification] = [one for one in outside.entries if one["DetailType"] == "notification"]
    assert notification["Detail"]["to"] == "team"


def test_a_run_that_succeeded_gives_its_output_to_what_it_emits(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside
) -> None:
    record(fail([{"on": "succeeded", "emit": "order.paid"}], "SUCCEEDED"), recorder)
    assert outside.kinds == ["run.succeeded", "order.paid"]
    assert outside.entries[1]["Detail"]["output"] == {"paid": 7}


def test_who_was_cut_off_in_the_middle_is_followed_by_another_after_a_while(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside, clock: FakeClock
) -> None:
    event = fail([{"on": "failed", "emit": "order.failed"}])
    outside.refuses = True
    with pytest.raises(PlatformError):
        record(event, recorder)
    outside.refuses = False
    record(event, recorder)
    assert outside.kinds == ["run.failed"]
    clock.pass_seconds(130)
    record(event, recorder)
    assert outside.kinds == ["run.failed", "run.failed", "order.failed"]


def test_a_failed_run_starts_the_projects_error_workflow_but_not_by_its_own_failure(
    fail: Callable[..., Any],
    recorder: Recorder,
    outside: Outside,
    store: Store,
    write_draft: Callable[..., WorkflowHead],
    activator: Activator,
) -> None:
    manual = [{"id": "by_hand", "type": "manual"}]
    write_draft(id="on-error", triggers=manual)
    answer({"action": "activate", "workflow": "on-error"}, activator)
    set_error_workflow(store, "on-error")
    record(fail([]), recorder)
    [message] = outside.messages
    assert (message["workflow"], message["trigger"], message["type"]) == ("on-error", "by_hand", "manual")
    assert message["body"]["run"]["workflow"] == "order-fulfilment"
    set_error_workflow(store, "order-fulfilment")
    assert len(outside.messages) == 1


def test_a_start_is_told_without_asking_step_functions(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside, step_functions: FakeStepFunctions
) -> None:
    arn = fail([])["detail"]["executionArn"]
    asked = len(step_functions.calls)
    begun = {"detail": {"name": arn.rpartition(":")[2], "status": "RUNNING"}}
    assert record(begun, recorder) == "told"
    assert outside.kinds == ["run.started"]
    assert len(step_functions.calls) == asked
    begun["detail"]["name"] = "somebody-elses"
    assert record(begun, recorder) == "not a workflow of this project"


def test_workflows_that_wait_are_told_of_the_end_also_when_it_was_recorded_before(
    fail: Callable[..., Any], recorder: Recorder, outside: Outside, store: Store
) -> None:
    keep_awaiting(store, Awaiting("order-fulfilment", "alarm", "ended", ["failed"]))
    keep_awaiting(store, Awaiting("order-fulfilment", "invoice", "ended", ["succeeded"]))
    event = fail([])
    assert [record(event, recorder) for _ in range(2)] == ["recorded", "recorded before"]
    first, again = outside.messages
    assert first == again
    assert (first["workflow"], first["trigger"], first["type"]) == ("alarm", "ended", "workflow")
    assert (first["run"]["workflow"], first["run"]["status"]) == ("order-fulfilment", "failed")
