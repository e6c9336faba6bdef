"""Paths and calls of intrinsic functions that fail, and how the service words it."""

from __future__ import annotations

from typing import Any

import pytest

PATH = {"QueryLanguage": "JSONPath"}
END = {"End": True}


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("States.Format('{} {}', 1)", "The template has 2 places for 1 arguments."),
        ("States.ArrayGetItem($.list, 5)", "The index 5 is outside of an array of 1 items."),
        (
            "States.MathAdd($.no, 1)",
            "The JsonPath argument for the field '$.no' could not be found in the input '{\"list\":[1]}'",
        ),
        (
            "States.Format('{}', $.list[5])",
            (
                "The JsonPath argument for the field '$.list[5]' could not be found in the input "
                "'{\"list\":[1]}'"
            ),
        ),
        ("States.Format()", "The function takes a template and what goes into its places."),
        ("States.UUID(1)", "The function takes 0 arguments."),
        ("States.Hash('a', 'CRC')", "The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512."),
        ("States.ArrayPartition($.list, 0)", "The chunk size must be greater than zero."),
    ],
)
def test_a_call_that_fails_is_a_runtime_error_with_the_whole_call(
    runner: Any, call: str, problem: str
) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": call}, **END}}
    execution = runner.run(states, {"list": [1]})
    assert execution.error == "States.Runtime"
    assert execution.cause.endswith(f"The function '{call}' had the following error: {problem}")


@pytest.mark.parametrize("path", ["$.no[0]", "$.list[0].n", "$.list['0']"])
def test_only_an_index_past_the_end_of_an_array_is_null_in_a_template(runner: Any, path: str) -> None:
    states = {"A": {**PATH, "Type": "Pass", "Parameters": {"x.$": path}, **END}}
    assert f"The JSONPath '{path}'" in runner.run(states, {"list": [1]}).cause


def test_a_cause_that_is_no_text_is_a_runtime_error(runner: Any) -> None:
    execution = runner.run({"A": {**PATH, "Type": "Fail", "Error": "E", "CausePath": "$.n"}}, {"n": 5})
    assert execution.error == "States.Runtime"
    assert execution.cause.endswith(
        'The CausePath field refers to value "5" which is not a valid string: $.n'
    )


def test_an_inline_map_takes_no_object(runner: Any) -> None:
    processor = {"StartAt": "B", "States": {"B": {"Type": "Pass", **END}}}
    states = {"A": {**PATH, "Type": "Map", "ItemsPath": "$.o", "ItemProcessor": processor, **END}}
    assert runner.run(states, {"o": {"n": 1}}).cause.endswith('Reference path "$.o" must point to array.')
