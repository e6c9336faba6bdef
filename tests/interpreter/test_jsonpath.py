"""The states of JSONPath mode: paths, intrinsic functions, choice rules, and where results go."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import InvalidDefinition, TaskFailed, TaskSucceeded

PATH = {"QueryLanguage": "JSONPath"}
END = {"End": True}


def test_a_pass_places_its_result_and_assigns_from_paths(runner: Any) -> None:
    states = {
        "A": {
            **PATH,
            "Type": "Pass",
            "Result": {"n": 1},
            "ResultPath": "$.a.b",
            "Assign": {"v.$": "$.n", "w": [2]},
            "Next": "B",
        },
        "B": {"Type": "Pass", "Output": "{% [$states.input.a.b.n, $states.input.kept, $v, $w] %}", **END},
    }
    assert runner.run(states, {"kept": True}).output == [1, True, 1, 2]
    failed = runner.run(states, {"a": 5})
    assert (failed.error, failed.cause) == (
        "States.ResultPathMatchFailure",
        "Unable to apply ReferencePath $.a.b to input 5",
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.items[1].n", 2),
        ("$.items[-1]['n']", 3),
        ("$.items[*].n", [1, 2, 3]),
        ("$.items[1:].n", [2, 3]),
        ("$.items[0,2].n", [1, 3]),
        ("$..n", [1, 2, 3]),
        ("$.items[?(@.n > 1)].n", [2, 3]),
        ("$.items[?(@.n == 1 || !(@.n < 3))].n", [1, 3]),
        ("$.items[?(@.absent)]", []),
        ("States.Format('{}: \\{\\} {}', $.items[0].n, 'x, (y)')", "1: {} x, (y)"),
        ("States.ArrayGetItem(States.StringSplit('a-b,c', '-,'), 2)", "c"),
        ("States.StringSplit('a-b', '')", ["a-b"]),
        ("$.items[3]", None),
        ("States.JsonMerge($.items[0], States.StringToJson('{\"m\": 2}'), false)", {"n": 1, "m": 2}),
        ("States.MathAdd(States.ArrayLength($.items), -1)", 2),
        ("States.ArrayRange(1, 9, 4)", [1, 5, 9]),
        ("States.ArrayUnique($..n)", [1, 2, 3]),
        ("States.Base64Decode(States.Base64Encode('ü'))", "ü"),
        ("States.ArrayContains($.items[*].n, 3)", True),
        ("States.Array($$.Execution.Name, null, 1.5)", ["run-1", None, 1.5]),
        ("$$.Execution.Name", "run-1"),
        ("$", {"items": [{"n": 1}, {"n": 2}, {"n": 3}]}),
    ],
)
def test_a_path_selects(runner: Any, path: str, value: Any) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": path}, **END}}
    data = {"items": [{"n": 1}, {"n": 2}, {"n": 3}]}
    assert runner.run(states, data).output == {"x": value}


def test_a_task_shapes_its_parameters_and_its_result(runner: Any) -> None:
    states = {
        "T": {
            **PATH,
            "Type": "Task",
            "Resource": runner.lambda_invoke,
            "InputPath": "$.order",
            "Parameters": {"FunctionName": "f", "Payload": {"id.$": "$.id"}},
            "ResultSelector": {"paid.$": "$.Payload"},
            "ResultPath": "$.payment",
            "OutputPath": "$.payment",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}],
            **END,
        },
        "Caught": {"Type": "Succeed"},
    }
    execution = runner.make(states, {"order": {"id": 7}})
    (request,) = execution.start()
    assert request.arguments == {"FunctionName": "f", "Payload": {"id": 7}}
    execution.complete(request.id, TaskSucceeded({"Payload": True}), execution.now)
    assert execution.output == {"paid": True}
    failed = runner.run(states, {"order": {"id": 7}}, [TaskFailed("Bad", "why")])
    assert failed.output == {"order": {"id": 7}, "error": {"Error": "Bad", "Cause": "why"}}


def test_a_path_that_leads_nowhere_is_a_runtime_error(runner: Any) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": "$.no"}, **END}}
    execution = runner.run(states, {"n": 1})
    assert execution.error == "States.Runtime"
    assert execution.cause == (
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.no' "
        "specified for the field 'x.$' could not be found in the input '{\"n\":1}'"
    )


@pytest.mark.parametrize(
    "path", ["$.items[?(@.n >)]", "States.Nobody()", "States.Format('a', items)", "items", "$.items[", "$.."]
)
def test_what_is_no_plain_path_is_refused_with_its_place(runner: Any, path: str) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": path}, **END}}
    with pytest.raises(InvalidDefinition) as caught:
        runner.make(states)
    assert caught.value.location == "/States/A/Parameters"


_RULES: list[tuple[dict[str, Any], Any, bool]] = [
    ({"StringEquals": "a"}, "a", True),
    ({"StringLessThan": "b"}, "a", True),
    ({"StringMatches": "log-*.txt"}, "log-1.txt", True),
    ({"StringMatches": r"a\*"}, "ab", False),
    ({"NumericGreaterThanEquals": 3}, 3, True),
    ({"NumericEquals": 3}, "3", False),
    ({"BooleanEquals": True}, True, True),
    ({"BooleanEquals": False}, 0, False),
    ({"TimestampLessThan": "2026-01-02T00:00:00Z"}, "2026-01-02T00:30:00+01:00", True),
    ({"IsNull": True}, None, True),
    ({"IsString": False}, 1, True),
    ({"IsNumeric": True}, True, False),
    ({"IsTimestamp": True}, "2026-01-02", False),
    ({"IsPresent": True}, 1, True),
    ({"NumericEqualsPath": "$.other"}, 7, True),
    ({"StringEqualsPath": "$.other"}, 7, False),
]


@pytest.mark.parametrize(("rule", "value", "met"), _RULES)
def test_a_rule_compares(runner: Any, rule: dict[str, Any], value: Any, met: bool) -> None:
    choices = [{"Variable": "$.v", **rule, "Next": "Yes"}]
    states = {
        "C": {**PATH, "Type": "Choice", "Choices": choices, "Default": "No"},
        "Yes": {"Type": "Pass", "Output": True, **END},
        "No": {"Type": "Pass", "Output": False, **END},
    }
    assert runner.run(states, {"v": value, "other": 7}).output is met


def test_rules_are_joined_and_negated_and_assign_for_themselves(runner: Any) -> None:
    here = {"Variable": "$.v", "IsPresent": True}
    rule = {"And": [here, {"Not": {"Or": [{"Variable": "$.v", "NumericEquals": 1}]}}]}
    states = {
        "C": {
            **PATH,
            "Type": "Choice",
            "InputPath": "$.in",
            "Choices": [{**rule, "Assign": {"x.$": "$.v"}, "Next": "Yes"}],
            "Default": "No",
        },
        "Yes": {"Type": "Pass", "Output": "{% [$x, $states.input] %}", **END},
        "No": {"Type": "Pass", "Output": "no", **END},
    }
    assert runner.run(states, {"in": {"v": 2}}).output == [2, {"v": 2}]
    assert runner.run(states, {"in": {"v": 1}}).output == "no"
    assert runner.run(states, {"in": {}}).output == "no"


def test_a_rule_on_nothing_is_a_runtime_error(runner: Any) -> None:
    choices = [{"Variable": "$.v", "NumericEquals": 1, "Next": "E"}]
    states = {"C": {**PATH, "Type": "Choice", "Choices": choices}, "E": {"Type": "Succeed"}}
    execution = runner.run(states, {})
    assert execution.error == "States.Runtime"
    assert "Invalid path '$.v': The choice state's condition path references an invalid" in execution.cause


@pytest.mark.parametrize(
    "rule",
    [
        {"NumericEquals": 1},
        {"Variable": "$.v"},
        {"Variable": "$.v", "NumericEquals": 1, "StringEquals": "a"},
        {"Variable": "$.v", "NumericNear": 1},
        {"Variable": "v", "NumericEquals": 1},
        {"Variable": "$.v", "StringMatchesPath": "$.v"},
    ],
)
def test_what_is_no_rule_is_refused(runner: Any, rule: dict[str, Any]) -> None:
    with pytest.raises(InvalidDefinition):
        runner.make({"C": {**PATH, "Type": "Choice", "Choices": [{**rule, "Next": "C"}]}})


@pytest.mark.parametrize(
    ("field", "value", "seconds", "problem"),
    [
        ("SecondsPath", 3, 3, None),
        ("SecondsPath", -1, 0, "The SecondsPath parameter references a negative value: $.at == -1"),
        ("SecondsPath", None, 0, "The SecondsPath parameter cannot be parsed as a long value: $.at == null"),
        ("TimestampPath", "2023-11-14T22:13:25Z", 5, None),
    ],
)
def test_a_wait_waits_as_a_path_says(
    runner: Any, field: str, value: Any, seconds: int, problem: str | None
) -> None:
    states = {"W": {**PATH, "Type": "Wait", field: "$.at", "OutputPath": "$.at", **END}}
    execution = runner.run(states, {"at": value})
    if problem is None:
        assert (execution.output, runner.seconds(execution)) == (value, seconds)
    else:
        assert execution.cause.endswith(problem)


def test_a_map_and_a_parallel_take_and_place_data_by_paths(runner: Any) -> None:
    inner = {"StartAt": "One", "States": {"One": {"Type": "Pass", **END}}}
    states = {
        "M": {
            "Type": "Map",
            "InputPath": "$.in",
            "ItemsPath": "$.list",
            "ItemSelector": {"v.$": "$$.Map.Item.Value", "all.$": "$.list", "i.$": "$$.Map.Item.Index"},
            "MaxConcurrencyPath": "$.most",
            "Iterator": inner,
            "ResultSelector": {"last.$": "$[1]"},
            "ResultPath": "$.map",
            "Next": "P",
        },
        "P": {
            "Type": "Parallel",
            "Parameters": {"a.$": "$.map.last.v"},
            "Branches": [{"StartAt": "Two", "States": {"Two": {"Type": "Pass", **END}}}],
            "ResultPath": "$.parallel",
            "OutputPath": "$.parallel",
            **END,
        },
    }
    data = {"in": {"list": ["x", "y"], "most": 1}}
    execution = runner.run(states, data, QueryLanguage="JSONPath")
    assert execution.output == [{"a": "y"}]
    entered = runner.of(execution, "PassStateEntered")
    assert entered[1]["stateEnteredEventDetails"]["input"] == '{"v":"y","all":["x","y"],"i":1}'


def test_items_that_are_not_there_are_a_reference_path_conflict(runner: Any) -> None:
    inner = {"StartAt": "One", "States": {"One": {"Type": "Pass", **END}}}
    state = {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": inner, **END}
    execution = runner.run({"M": state}, {"a": 1}, QueryLanguage="JSONPath")
    assert (execution.error, execution.cause) == (
        "States.ReferencePathConflict",
        'Unable to apply step "list" to input {"a":1}',
    )


def test_a_fail_takes_error_and_cause_from_paths_and_calls(runner: Any) -> None:
    state = {
        **PATH,
        "Type": "Fail",
        "ErrorPath": "$.error",
        "CausePath": "States.Format('{} failed', $.what)",
    }
    execution = runner.run({"F": state}, {"error": "E", "what": "it"})
    assert (execution.error, execution.cause) == ("E", "it failed")


def test_a_distributed_map_takes_its_numbers_and_arguments_from_paths(runner: Any) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", **END}},
    }
    state = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.most"},
            "Parameters": {"Bucket.$": "$.bucket", "Key": "k"},
        },
        "ItemBatcher": {"MaxItemsPerBatchPath": "$.batch", "BatchInput": {"b.$": "$.bucket"}},
        "ToleratedFailureCountPath": "$.batch",
        "ItemProcessor": processor,
        **END,
    }
    data = {"bucket": "data", "most": 3, "batch": 2}
    body = TaskSucceeded({"Body": "[1, 2, 3, 4]"})
    execution = runner.run({"M": state}, data, [body], QueryLanguage="JSONPath")
    assert execution.output == [
        {"BatchInput": {"b": "data"}, "Items": [1, 2]},
        {"BatchInput": {"b": "data"}, "Items": [3]},
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.list.length()", 3),
        ("$.length()", 2),
        ("$.list[*].length()", 3),
        ("$.list.max()", 3),
        ("$.list.sum()", 6),
        ("$.list.avg()", 2),
        ("$.things.first().kind", None),
        ("$.things.last()", {"kind": "b", "n": 2}),
        ("$.things[?(@.kind in ['b', 'c'])].n", [2]),
        ("$.things[?(@.n nin [1])].n", [2]),
    ],
)
def test_a_path_may_end_with_a_function_and_ask_for_membership(runner: Any, path: str, value: Any) -> None:
    data: Any = {"list": [1, 2, 3], "things": [{"kind": "a", "n": 1}, {"kind": "b", "n": 2}]}
    states: dict[str, Any] = {"P": {"Type": "Pass", "Parameters": {"v.$": path}, "End": True}}
    if value is None:
        with pytest.raises(InvalidDefinition):
            runner.run(states, data, QueryLanguage="JSONPath")
        return
    assert runner.run(states, data, QueryLanguage="JSONPath").output == {"v": value}


def test_a_pattern_with_many_stars_takes_no_time(runner: Any) -> None:
    rule: Any = {"Variable": "$.text", "StringMatches": "*a" * 40 + "*b", "Next": "Yes"}
    states: dict[str, Any] = {
        "C": {"Type": "Choice", "Choices": [rule], "Default": "No"},
        "Yes": {"Type": "Succeed"},
        "No": {"Type": "Succeed"},
    }
    execution = runner.run(states, {"text": "a" * 100_000}, QueryLanguage="JSONPath")
    assert "SucceedStateEntered" in runner.kinds(execution)
    assert runner.of(execution, "SucceedStateEntered")[0]["stateEnteredEventDetails"]["name"] == "No"
