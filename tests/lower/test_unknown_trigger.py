"""A run that names no trigger of the workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import pytest

from translator.compiler import CompileOptions, compile_data
from translator.interpreter import Execution, StateMachine, TaskAnswer, TaskRequest, run_virtual

Level: TypeAlias = Literal[0, 1, 2]
LEFT, RIGHT = (
    {"id": name, "type": "transform", "parameters": {"output": name}} for name in ("left", "right")
)


def run(triggers: Sequence[Mapping[str, str]], trigger: Mapping[str, str], level: Level = 2) -> Execution:
    listed = [{"type": "manual", **one} for one in triggers]
    definition = {"id": "hello", "triggers": listed, "nodes": [LEFT, RIGHT]}
    options = CompileOptions(optimize=level)
    machine = StateMachine.parse(compile_data(definition, options=options).machine)
    execution = Execution(
        machine,
        input={"trigger": dict(trigger)},
        name="run",
        arn="arn:aws:states:eu-south-1:123456789012:execution:main-hello:run",
        state_machine_arn="arn:aws:states:eu-south-1:123456789012:stateMachine:main-hello",
        started_at=0.0,
        seed=0,
    )
    run_virtual(execution, refuse)
    return execution


def refuse(request: TaskRequest) -> TaskAnswer:
    raise AssertionError(request)


APART = [{"id": "one", "entry": "left"}, {"id": "two", "entry": "right"}]
OVERLAPPING = [{"id": "all"}, {"id": "two", "entry": "right"}]


@pytest.mark.parametrize("triggers", [APART, OVERLAPPING], ids=["apart", "overlapping"])
@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("trigger", [{"id": "three"}, {}], ids=["unknown", "missing"])
def test_a_run_that_names_no_trigger_fails_before_anything_runs_and_says_which_there_are(
    triggers: Sequence[Mapping[str, str]], trigger: Mapping[str, str], level: Level
) -> None:
    execution = run(triggers, trigger, level)
    told: dict[str, Any] = {"status": execution.status, "error": execution.error}
    assert told == {"status": "FAILED", "error": "States.QueryEvaluationError"}
    assert all(one["id"] in str(execution.cause) for one in triggers)
    assert f"names as trigger.id: {trigger.get('id', '')}" in str(execution.cause)
    assert not [event for event in execution.history if event["type"] == "PassStateEntered"]


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("triggers", [APART, OVERLAPPING], ids=["apart", "overlapping"])
def test_a_run_that_names_one_goes_its_way(triggers: Sequence[Mapping[str, str]], level: Level) -> None:
    assert run(triggers, {"id": "two"}, level).output == {"right": "right"}


def test_where_all_triggers_enter_the_same_nodes_no_state_asks_which_it_is() -> None:
    triggers = [{"id": "one", "entry": "left"}, {"id": "other", "entry": "left"}]
    assert run(triggers, {"id": "neither"}).output == {"left": "left"}
