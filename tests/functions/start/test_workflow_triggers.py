"""Workflow triggers: ends that belong together start one run, whatever order and however often they come."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.start.evaluation import evaluate
from layers.runtime.errors import PlatformError
from layers.runtime.executions import Starter
from layers.runtime.firing.ended import tell_waiting
from layers.runtime.firing.fire import Platform, fire
from layers.runtime.firing.message import MalformedFiringError, read_firing
from layers.runtime.firing.outcome import Gathered, Outcome, Refused, Started
from layers.runtime.json_value import JsonValue
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.runs import Run, RunResult, RunStatus, finish_run
from layers.runtime.store.trigger_records import find_trigger_record
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fake_firing import STARTS_URL, FakeSqs
from tests.functions.fakes import FakeClock, FakeStepFunctions, refusal
from tests.functions.one_at_a_time import one_at_a_time
from tests.functions.start.conftest import WORKFLOW, FakeQueue

BOTH = {"id": "both", "type": "workflow", "after": ["orders", "stock"]}


class Ends:
    """Lets runs of other workflows end, and delivers what is then told."""

    def __init__(self, store: Store, starter: Starter, sqs: FakeSqs, clock: FakeClock) -> None:
        self.store, self.sqs, self.clock = store, sqs, clock
        self.platform = Platform(starter, FakeQueue(), evaluate)
        self._numbers = itertools.count(1)

    def end(self, workflow: str, output: JsonValue = None, status: RunStatus = "succeeded") -> list[Outcome]:
        return [self.deliver(text) for text in self.messages(workflow, output, status)]

    def messages(self, workflow: str, output: JsonValue = None, status: RunStatus = "succeeded") -> list[str]:
        name, at = f"{workflow}-{next(self._numbers)}", f"{self.clock():%Y-%m-%dT%H:%M:%S.000Z}"
        run = Run(name, workflow, 1, status, "manual", "manual", at, f"arn:{name}", "api", ended_at=at)
        given: dict[str, JsonValue] = {"trigger": {"id": "manual", "body": {"order": output}}}
        finish_run(self.store, run, RunResult(given, output, None, (), ()))
        before = len(self.sqs.sent)
        tell_waiting(self.store, Queue(self.sqs, STARTS_URL), run)
        return [json.dumps(sent) for sent in self.sqs.sent[before:]]

    def deliver(self, text: str) -> Outcome:
        return fire(self.platform, read_firing(text, self.clock()))


@pytest.fixture
def ends(store: Store, starter: Starter, sqs: FakeSqs, clock: FakeClock) -> Ends:
    return Ends(store, starter, sqs, clock)


@pytest.fixture
def waits(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates the workflow with a trigger that waits for others."""

    def make(**fields: Any) -> None:
        write_draft(triggers=[{**BOTH, **fields}])
        activate(activator, WORKFLOW)

    return make


def triggers_of(step_functions: FakeStepFunctions) -> list[Mapping[str, Any]]:
    return [json.loads(one["input"])["trigger"] for one in step_functions.executions.values()]


def test_the_last_of_several_ends_starts_the_run_with_the_outputs_of_all(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits()
    assert ends.end("orders", {"count": 3}) == [Gathered("others are still to end")]
    ends.clock.pass_seconds(60)
    [outcome] = ends.end("stock", ["screw"])
    assert isinstance(outcome, Started)
    [trigger] = triggers_of(step_functions)
    assert trigger == {
        "id": "both",
        "type": "workflow",
        "runs": [
            {"id": "orders-1", "workflow": "orders", "status": "succeeded", "output": {"count": 3}},
            {"id": "stock-2", "workflow": "stock", "status": "succeeded", "output": ["screw"]},
        ],
        "body": {"orders": {"count": 3}, "stock": ["screw"]},
    }
    record = find_trigger_record(ends.store, WORKFLOW, "both")
    assert (record.fired, record.started, record.last_run) == (1, 1, outcome.run)


def test_every_message_delivered_again_in_any_order_starts_one_run(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits()
    messages = [*ends.messages("orders", 1), *ends.messages("stock", 2)]
    for order in itertools.product(messages, repeat=3):
        for message in order:
            ends.deliver(message)
    assert len(step_functions.executions) == 1


def test_what_has_been_used_is_not_used_again(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits()
    for _ in range(3):
        for workflow in ("orders", "stock"):
            ends.end(workflow)
            ends.clock.pass_seconds(60)
    used = [[run["id"] for run in trigger["runs"]] for trigger in triggers_of(step_functions)]
    assert used == [["orders-1", "stock-2"], ["orders-3", "stock-4"], ["orders-5", "stock-6"]]


def test_ends_further_apart_than_the_window_do_not_belong_together(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits(within_seconds=600)
    ends.end("orders", "early")
    ends.clock.pass_seconds(601)
    ends.end("stock", "late")
    assert step_functions.executions == {}
    ends.clock.pass_seconds(600)
    ends.end("orders", "again")
    [trigger] = triggers_of(step_functions)
    assert trigger["body"] == {"orders": "again", "stock": "late"}


@pytest.mark.parametrize("key", ["output", "{% $item.output %}", "trigger.body.order"])
def test_only_ends_of_one_key_belong_together(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions, key: str
) -> None:
    waits(key=key)
    ends.end("orders", "a")
    ends.end("stock", "b")
    assert step_functions.executions == {}
    ends.end("stock", "a")
    [trigger] = triggers_of(step_functions)
    assert trigger["body"] == {"orders": "a", "stock": "a"}


@pytest.mark.parametrize("key", ["output.missing", "{% $number('no') %}"])
def test_an_end_without_a_key_is_refused_and_counted(
    ends: Ends, waits: Callable[..., None], key: str
) -> None:
    waits(key=key)
    [outcome] = ends.end("orders", {"order": 1})
    assert isinstance(outcome, Refused)
    assert outcome.code == "no_key"
    assert find_trigger_record(ends.store, WORKFLOW, "both").last_refusal == "no_key"


def test_any_of_several_starts_a_run_for_each_end(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits(when="any", status=["failed"])
    assert ends.end("orders", status="succeeded") == []
    [message] = ends.messages("orders", status="failed")
    first, again = ends.deliver(message), ends.deliver(message)
    assert isinstance(first, Started)
    assert again == Started(first.run, is_new=False)
    ends.end("stock", status="failed")
    assert [trigger["runs"][0]["workflow"] for trigger in triggers_of(step_functions)] == ["orders", "stock"]


def test_ends_at_the_same_moment_start_one_run(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits()
    messages = [*ends.messages("orders"), *ends.messages("stock")] * 4
    lock, errors = Lock(), []
    starter = ends.platform.starter
    ends.platform = replace(ends.platform, starter=replace(starter, store=one_at_a_time(starter.store)))

    def deliver(message: str) -> None:
        try:
            ends.deliver(message)
        except PlatformError as error:  # it would come again
            with lock:
                errors.append(error)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(deliver, messages))
    assert len(step_functions.executions) == 1
    assert errors == []


def test_a_crash_between_collecting_and_starting_is_made_good_by_the_next_delivery(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    waits()
    ends.end("orders")
    step_functions.failing["start_execution"] = refusal("ServiceUnavailable")
    [message] = ends.messages("stock")
    with pytest.raises(PlatformError):
        ends.deliver(message)
    del step_functions.failing["start_execution"]
    assert isinstance(ends.deliver(message), Started)
    assert len(step_functions.executions) == 1


def test_a_run_held_back_by_overlap_waits_with_all_that_it_needs(
    ends: Ends, waits: Callable[..., None], step_functions: FakeStepFunctions, clock: FakeClock
) -> None:
    waits(overlap="queue")
    for workflow in ("orders", "stock", "orders", "stock"):
        ends.end(workflow, workflow)
    [first] = step_functions.executions
    queue = ends.platform.waiting
    assert isinstance(queue, FakeQueue)
    text, _ = queue.sent.pop()
    step_functions.end(first, "SUCCEEDED")
    name = first.rpartition(":")[2]
    ended = f"{clock():%Y-%m-%dT%H:%M:%S.000Z}"
    run = Run(name, WORKFLOW, 1, "succeeded", "both", "workflow", ended, first, "workflow", ended_at=ended)
    finish_run(ends.store, run, RunResult(None, None, None, (), ()))
    assert isinstance(ends.deliver(text), Started)
    assert triggers_of(step_functions)[1]["body"] == {"orders": "orders", "stock": "stock"}


def test_a_message_without_its_run_goes_to_the_dead_letters(ends: Ends, waits: Callable[..., None]) -> None:
    waits()
    message = {"workflow": WORKFLOW, "trigger": "both", "type": "workflow", "identity": "x"}
    with pytest.raises(MalformedFiringError):
        ends.deliver(json.dumps(message))
