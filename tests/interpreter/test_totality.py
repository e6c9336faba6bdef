"""Whatever a definition says, it is refused with InvalidDefinition or runs to an end."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from translator.interpreter import (
    Execution,
    InvalidDefinition,
    Outcome,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

CASES = 40
PASS: dict[str, Any] = {"Type": "Pass", "End": True}
JSONATA: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Task",
    "TimeoutSeconds": 600,
    "States": {
        "Task": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "f", "Payload": "{% $states.input.a %}"},
            "TimeoutSeconds": 10,
            "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1, "IntervalSeconds": 1, "BackoffRate": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput %}", "Next": "Wait"}],
            "Assign": {"seen": "{% $states.result %}"},
            "Next": "Choice",
        },
        "Choice": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.a = 1 %}", "Next": "Map"}],
            "Default": "Fork",
        },
        "Fork": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": PASS}}], "Next": "Wait"},
        "Map": {
            "Type": "Map",
            "Items": "{% [1, 2] %}",
            "ItemSelector": {"item": "{% $states.context.Map.Item.Value %}"},
            "MaxConcurrency": 1,
            "ItemProcessor": {"StartAt": "Y", "States": {"Y": PASS}},
            "Next": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": "{% 1 %}", "Next": "Fail"},
        "Fail": {"Type": "Fail", "Error": "E", "Cause": "{% 'c' %}"},
    },
}
JSONPATH: dict[str, Any] = {
    "StartAt": "Pass",
    "States": {
        "Pass": {
            "Type": "Pass",
            "InputPath": "$.a",
            "Parameters": {"b.$": "States.Array($.x, 1)", "c.$": "$$.Execution.Id"},
            "ResultPath": "$.r",
            "OutputPath": "$",
            "Next": "Choice",
        },
        "Choice": {
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.a", "IsPresent": True},
                        {"Not": {"Variable": "$.a", "NumericEquals": 1}},
                    ],
                    "Next": "Map",
                }
            ],
            "Default": "Wait",
        },
        "Wait": {"Type": "Wait", "TimestampPath": "$.t", "Next": "Task"},
        "Task": {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:activity:a",
            "HeartbeatSecondsPath": "$.h",
            "TimeoutSeconds": 30,
            "ResultSelector": {"v.$": "$.v"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Map"}],
            "Next": "Map",
        },
        "Map": {
            "Type": "Map",
            "ItemsPath": "$.list",
            "MaxConcurrencyPath": "$.n",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Z",
                "States": {"Z": {"Type": "Succeed"}},
            },
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": "b", "Key.$": "$.k"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 2},
            "ToleratedFailurePercentage": 10,
            "End": True,
        },
    },
}
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 2.5, 10**30, "", "a", "$", "$.a", "$$", "$x", "{% 1 %}", "{%", "{% ( %}", "x" * 90),
    *("{% $states.input %}", "{% $f($f) %}", "States.Format('{}')", "States.ALL", "$..*", "$.a[-1:]", "Pass"),
    *([], {}, [1], [None], [[]], {"a": 1}, {"": ""}, "\ud800", "\x00", "2020-01-01T00:00:00Z", "JSONata"),
)
OUTCOMES: tuple[Outcome | None, ...] = (
    TaskSucceeded({}),
    TaskSucceeded({"v": 1}),
    TaskSucceeded({"Body": "a,b\n1,2"}),
    TaskFailed("E", "c"),
    TaskFailed(None, None),
    None,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in entries:
        yield from places(inner, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def changed(definition: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The definition with one to three of its values replaced, taken out or put elsewhere."""
    result = copy.deepcopy(definition)
    for _ in range(chance.randint(1, 3)):
        found = list(places(result))
        if not found:
            break
        path = chance.choice(found)
        parent, act = at(result, path[:-1]), chance.random()
        if act < 0.2:
            del parent[path[-1]]
        else:
            value = chance.choice(VALUES) if act < 0.8 else at(result, chance.choice(found))
            parent[path[-1]] = copy.deepcopy(value)
    return result


def drive(machine: StateMachine, data: Any, chance: random.Random) -> Execution:
    execution = Execution(
        machine,
        input=data,
        name="run",
        arn="arn:aws:states:eu-west-1:111122223333:execution:m:run",
        state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:m",
        started_at=1_700_000_000.0,
        seed=0,
    )
    left = iter(range(200))

    def answer(_request: TaskRequest) -> TaskAnswer:
        outcome = chance.choice(OUTCOMES) if next(left, None) is not None else TaskFailed("Enough", None)
        return TaskAnswer(outcome, 1.0)

    run_virtual(execution, answer)
    return execution


@pytest.mark.parametrize("definition", [JSONATA, JSONPATH], ids=["jsonata", "jsonpath"])
@pytest.mark.parametrize("seed", range(CASES))
def test_a_definition_is_refused_or_runs_to_an_end(definition: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        wrong = changed(definition, chance)
        try:
            machine = StateMachine.parse(wrong)
        except InvalidDefinition:
            continue
        execution = drive(machine, {"a": chance.choice(VALUES), "list": [1], "h": 5, "n": 1}, chance)
        assert execution.status != "RUNNING", wrong
        assert json.dumps(execution.history, default=str)
