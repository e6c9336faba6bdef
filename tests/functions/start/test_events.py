"""A firing of an event starts one run per event, and one more per replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from layers.runtime.firing.outcome import Refused, Started
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeStepFunctions
from tests.functions.start.conftest import AT, WORKFLOW, Firings

EVENT = {"id": "e-1", "source": "shop", "detail-type": "order", "time": AT, "detail": {"order": 7}}


@pytest.fixture
def listening(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates the workflow with an event trigger of those fields."""

    def make(**fields: Any) -> None:
        trigger = {"id": "paid", "type": "event", "pattern": {"source": ["shop"]}, **fields}
        write_draft(triggers=[trigger], input=fields.pop("input", None))
        activate(activator, WORKFLOW)

    return make


def fired(firings: Firings, **fields: Any) -> Any:
    event = {**EVENT, **fields}
    about = {"workflow": WORKFLOW, "trigger": "paid", "type": "event"}
    return firings.message({**about, "identity": event["id"], "event": event})


def test_a_run_gets_the_whole_event_and_its_detail_as_the_body(
    firings: Firings, listening: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    listening()
    assert isinstance(fired(firings), Started)
    [execution] = step_functions.executions.values()
    assert json.loads(execution["input"])["trigger"] == {
        "id": "paid",
        "type": "event",
        "event": EVENT,
        "body": {"order": 7},
    }


def test_an_event_delivered_twice_starts_one_run(firings: Firings, listening: Callable[..., None]) -> None:
    listening()
    first, second = fired(firings), fired(firings)
    assert (first.is_new, second) == (True, Started(first.run, is_new=False))


def test_a_replay_starts_the_run_once_more_and_marks_it(
    firings: Firings, listening: Callable[..., None], step_functions: FakeStepFunctions
) -> None:
    listening()
    fired(firings)
    again = [fired(firings, **{"replay-name": "main-monday"}) for _ in range(2)]
    assert [outcome.is_new for outcome in again] == [True, False]
    triggers = [json.loads(one["input"])["trigger"] for one in step_functions.executions.values()]
    assert [trigger.get("replay") for trigger in triggers] == [None, "main-monday"]


def test_an_event_that_does_not_fit_the_input_is_refused_and_says_so(
    firings: Firings, activator: Activator, write_draft: Callable[..., WorkflowHead]
) -> None:
    trigger = {"id": "paid", "type": "event", "pattern": {"source": ["shop"]}}
    schema = {"type": "object", "required": ["customer"]}
    write_draft(triggers=[trigger], input=schema)
    activate(activator, WORKFLOW)
    outcome = fired(firings)
    assert isinstance(outcome, Refused)
    record = firings.record("paid")
    assert (record.refused, record.started, record.last_refusal) == (1, 0, outcome.code)
