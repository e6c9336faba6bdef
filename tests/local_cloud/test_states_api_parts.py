"""What the Step Functions API says of requests and definitions, without a process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local.states.data import parse_data
from infra.local.states.definition_diagnostics import diagnose
from infra.local.states.json_errors import NotJsonError
from infra.local.states.request_shape import refuse_unfit
from infra.local.states.service_error import ServiceError
from infra.local.states.variable_references import variable_references

PASS = {"Type": "Pass", "End": True}
BAD = {"Type": "Pass", "End": True, "Colour": "red"}


def scope(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def machine(**states: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", **scope(**states)}


def places(definition: dict[str, Any], *, express: bool = False, most: int = 100) -> list[str | None]:
    return [found.location for found in diagnose(json.dumps(definition), express=express, most=most)]


def test_a_request_is_told_all_that_does_not_fit_at_once_and_nothing_secret() -> None:
    with pytest.raises(ServiceError) as caught:
        refuse_unfit("StartExecution", {"name": "n" * 81, "input": "i" * 300_000})
    assert caught.value.code == "ValidationException"
    assert caught.value.message == (
        "3 validation errors detected: "
        "Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null; "
        f"Value '{'n' * 81}' at 'name' failed to satisfy constraint: "
        "Member must have length less than or equal to 80; "
        "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"
    )


def test_an_alias_is_not_named_by_a_number_alone() -> None:
    routing = [{"stateMachineVersionArn": "arn:x:1", "weight": 100}]
    with pytest.raises(ServiceError, match=r"Member must satisfy regular expression pattern: \^\(\?="):
        refuse_unfit("CreateStateMachineAlias", {"name": "123", "routingConfiguration": routing})
    refuse_unfit("CreateStateMachineAlias", {"name": "v-123", "routingConfiguration": routing})


def test_an_input_counts_in_bytes() -> None:
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:x"
    refuse_unfit("StartExecution", {"stateMachineArn": arn, "input": "x" * 262_144})
    with pytest.raises(ServiceError):
        refuse_unfit("StartExecution", {"stateMachineArn": arn, "input": "é" * 131_073})


def test_errors_are_found_in_every_scope_and_behind_one_another() -> None:
    definition = machine(
        Fork={"Type": "Parallel", "Branches": [scope(**{"In/side": BAD}), scope(Other=BAD)], "Next": "Each"},
        Each={"Type": "Map", "ItemProcessor": scope(Item=BAD), "Next": "Last"},
        Last=BAD,
    )
    assert [str(place).rsplit("/States/", 1)[1] for place in places(definition)] == [
        *("In/side", "Other", "Item", "Last"),
    ]
    assert len(places(definition, most=2)) == 2


def test_a_definition_without_errors_has_no_diagnostics() -> None:
    assert places(machine(Only=PASS)) == []


def test_what_an_express_machine_cannot_do_is_an_error_of_that_type_only() -> None:
    waits = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}
    assert places(machine(Wait={**waits, "Arguments": {}}), express=True) == ["/States/Wait/Resource"]
    assert places(machine(Wait={**waits, "Arguments": {}})) == []


@pytest.mark.parametrize("text", ['""', "[]", "1"])
def test_a_definition_that_is_no_object_is_told_so(text: str) -> None:
    [found] = diagnose(text, express=False, most=100)
    assert found.to_json() == {
        "severity": "ERROR",
        "code": "SCHEMA_VALIDATION_FAILED",
        "message": "Definition must be a valid JSON object",
    }


def test_text_that_is_no_json_is_told_of_in_the_services_words() -> None:
    quotes = "Unexpected character (''' (code 39)): was expecting double-quote to start field name"
    with pytest.raises(NotJsonError) as caught:
        parse_data("{'a': 1}")
    assert str(caught.value) == quotes
    with pytest.raises(NotJsonError) as caught:
        parse_data('{"a":\n maybe}')
    message = str(caught.value)
    assert message.startswith("Unrecognized token 'maybe': was expecting (JSON String, Number, Array,")
    assert caught.value.place.endswith("line: 2, column: 7]")


@pytest.mark.parametrize("text", ["NaN", "1e999", "[" * 100_000])
def test_what_only_looks_like_json_has_a_place_too(text: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        parse_data(text)
    assert caught.value.place.endswith("line: 1, column: 1]")


def test_the_variables_of_each_state_are_found_in_both_query_languages() -> None:
    """The JSONPath half as recorded on the service."""
    paths = scope(
        Setup={"Type": "Pass", "Assign": {"guess": "the_guess"}, "Next": "Check"},
        Check={"Type": "Choice", "Choices": [{"Variable": "$guess", "StringEqualsPath": "$answer"}]},
        Wrong={"Type": "Pass", "Assign": {"guess.$": "$answer", "told": "$not_read"}},
        Sum={"Type": "Pass", "Assign": {"s.$": "States.MathAdd(States.MathAdd($y, $x), $.z)"}},
    )
    assert variable_references(paths) == {
        "Check": ["answer", "guess"],
        "Wrong": ["answer"],
        "Sum": ["x", "y"],
    }
    inner = scope(Item={**PASS, "Output": "{% $total + $sum($states.input) + ($own := 1; $own) %}"})
    each = {"Type": "Map", "Items": "{% $orders %}", "ItemProcessor": inner, "End": True}
    assert variable_references(machine(Each=each)) == {"Each": ["orders"], "Item": ["total"]}
