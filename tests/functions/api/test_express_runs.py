"""The REST API's runs of Express workflows, of which nothing is to be seen before they have ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from layers.runtime.store import Store
from layers.runtime.store.runs import RunResult, find_run, finish_run
from tests.functions.fakes import FakeClock, FakeStepFunctions, definition

Call = Callable[..., Any]
ONE = "/api/workflows/order-fulfilment"
MANUAL = [{"id": "by_hand", "type": "manual"}]


@pytest.fixture
def express_run(call: Call) -> str:
    """A run of an active Express workflow that is under way."""
    call("POST", "/api/workflows", definition(triggers=MANUAL, settings={"type": "express"}))
    call("POST", f"{ONE}/activate")
    return str(call("POST", f"{ONE}/execute", {"body": 1})["json"]["run"])


def test_an_express_run_shows_no_data_while_it_runs_and_step_functions_is_not_asked(
    express_run: str, call: Call, step_functions: FakeStepFunctions
) -> None:
    seen = call("GET", f"/api/executions/{express_run}")["json"]
    assert (seen["status"], seen["final"], seen["timeline"]) == ("running", False, [])
    assert "describe_execution" not in step_functions.calls


def test_an_express_run_is_not_cancelled(express_run: str, call: Call, store: Store) -> None:
    refused = call("POST", f"/api/executions/{express_run}/cancel")
    assert (refused["status"], refused["json"]["code"]) == (409, "run_not_cancellable")
    found = find_run(store, express_run)
    assert found is not None
    assert found.status == "running"


def test_an_express_run_without_a_log_is_given_up_until_its_log_comes_after_all(
    express_run: str, call: Call, clock: FakeClock, store: Store
) -> None:
    clock.pass_seconds(21 * 60)
    seen = call("GET", f"/api/executions/{express_run}")["json"]
    assert (seen["status"], seen["error"], seen["final"]) == ("failed", "Steploom.Unrecorded", True)
    known = find_run(store, express_run)
    assert known is not None
    late = replace(known, status="succeeded", error=None, ended_at=known.started_at, events=4)
    assert finish_run(store, late, RunResult(1, 2, None, [], []))
    assert call("GET", f"/api/executions/{express_run}")["json"]["output"] == 2
