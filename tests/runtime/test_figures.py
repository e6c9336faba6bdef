"""What a run took, its errors by class, and what both are held to."""

from __future__ import annotations

import json

import pytest

from infra.topology import topology
from layers.runtime import prices
from layers.runtime.error_classes import CLASS_OF, errors_by_class
from layers.runtime.figures import MEMORY_MB, SMALL_MB, figures_of, memory_of
from tests.runtime.test_run_history import Events
from translator.error_classes import NAMES_OF_CLASS
from translator.forecast.prices import EXPRESS_GIGABYTES, LIST_PRICES

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:main-node_task"


def test_states_entered_and_tries_after_the_first_are_transitions_and_calls_take_gigabyte_seconds() -> None:
    events = Events()
    events.add("TaskStateEntered", name="Work", input="{}")
    for error in ("Network", None):
        events.add("TaskScheduled", parameters=json.dumps({"FunctionName": f"{FUNCTION}_large"}))
        if error is not None:
            events.add("TaskFailed", seconds=2, error=error, cause="")
    events.add("TaskSucceeded", seconds=3, output="{}")
    events.add("TaskStateExited", name="Work", output="{}")
    events.add("ExecutionSucceeded")
    figures = figures_of(events.all)
    assert (figures.transitions, figures.calls, figures.call_seconds, figures.seconds) == (2, 2, 5.0, 5.0)
    assert figures.gigabyte_seconds == round(5 * 3_008 / 1024, 4)


def test_a_task_that_calls_no_function_has_no_memory() -> None:
    assert memory_of(json.dumps({"StateMachineArn": "arn"})) is None
    assert memory_of(json.dumps({"FunctionName": FUNCTION})) == SMALL_MB


@pytest.mark.parametrize(("size", "memory"), [*MEMORY_MB.items(), ("node_task", SMALL_MB)])
def test_the_memory_of_each_size_is_the_deployments(size: str, memory: int) -> None:
    [function] = [one for one in topology().functions if one.name.endswith(size)]
    assert function.memory_mb == memory


def test_prices_and_classes_are_those_of_the_translator() -> None:
    assert float(LIST_PRICES.transition) == prices.TRANSITION
    assert float(LIST_PRICES.express_request) == prices.EXPRESS_REQUEST
    assert float(LIST_PRICES.express_gigabyte_second) == prices.EXPRESS_GIGABYTE_SECOND
    assert float(LIST_PRICES.lambda_request) == prices.LAMBDA_REQUEST
    assert float(LIST_PRICES.lambda_gigabyte_second) == prices.LAMBDA_GIGABYTE_SECOND
    assert float(EXPRESS_GIGABYTES) == prices.EXPRESS_GIGABYTES
    own = {name: one for one, names in NAMES_OF_CLASS.items() for name in names if name != one}
    assert own == CLASS_OF


def test_failed_attempts_count_by_class_and_a_node_without_attempts_counts_once() -> None:
    tried = {"status": "succeeded", "error": None, "attempts": [{"error": "Lambda.Unknown"}, {"error": None}]}
    plain = {"status": "failed", "error": "States.QueryEvaluationError", "attempts": []}
    own = {"status": "failed", "error": "CardRefused", "attempts": [{"error": "CardRefused"}]}
    assert errors_by_class([tried, plain, own]) == {"CardRefused": 1, "System": 1, "Validation": 1}
