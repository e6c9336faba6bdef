"""What a definition is refused for, as at creation."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import InvalidDefinition, StateMachine

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}


def _refusal(states: dict[str, Any], **machine: Any) -> InvalidDefinition:
    with pytest.raises(InvalidDefinition) as caught:
        StateMachine.parse({"QueryLanguage": "JSONata", "StartAt": "A", "States": states, **machine})
    return caught.value


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({"Type": "Pass"}, "/States/A"),
        ({"Type": "Pass", "End": True, "Next": "A"}, "/States/A"),
        ({"Type": "Pass", "Next": "Nowhere"}, "/States/A/Next"),
        ({"Type": "Pass", "Parameters": {}, "End": True}, "/States/A"),
        ({"Type": "Pass", "Output": {"a": "{% 1 + %}"}, "End": True}, "/States/A/Output/a"),
        ({"Type": "Pass", "Output": "{% $eval('1') %}", "End": True}, "/States/A/Output"),
        ({"Type": "Pass", "Output": "{% $a ?? 1 %}", "End": True}, "/States/A/Output"),
        ({"Type": "Jump", "End": True}, "/States/A/Type"),
        ({"Type": "Wait", "End": True}, "/States/A"),
        ({"Type": "Wait", "Seconds": "soon", "End": True}, "/States/A/Seconds"),
        ({"Type": "Wait", "Seconds": 1.5, "End": True}, "/States/A/Seconds"),
        ({"Type": "Wait", "Timestamp": "soon", "End": True}, "/States/A/Timestamp"),
        ({**TASK, "TimeoutSeconds": 0}, "/States/A/TimeoutSeconds"),
        (
            {**TASK, "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}]},
            "/States/A/Retry[0]/JitterStrategy",
        ),
        (
            {"Type": "Choice", "Choices": [{"Condition": "yes", "Next": "A"}]},
            "/States/A/Choices[0]/Condition",
        ),
        (
            {
                "Type": "Map",
                "Items": "all",
                "ItemProcessor": {"StartAt": "B", "States": {"B": PASS}},
                "End": True,
            },
            "/States/A/Items",
        ),
        ({"Type": "Task", "Resource": "f", "End": True}, "/States/A/Resource"),
        ({"Type": "Choice", "Choices": []}, "/States/A/Choices"),
        (
            {"Type": "Choice", "Choices": [{"Condition": "{% 1 + %}", "Next": "A"}]},
            "/States/A/Choices[0]/Condition",
        ),
        ({**TASK, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}]}, "/States/A/Catch[0]/Next"),
        ({**TASK, "Retry": [{"ErrorEquals": []}]}, "/States/A/Retry[0]/ErrorEquals"),
        (
            {**TASK, "Catch": [{"ErrorEquals": ["States.ALL", "E"], "Next": "A"}]},
            "/States/A/Catch[0]/ErrorEquals",
        ),
        ({**PASS, "Assign": {"states": 1}}, "/States/A/Assign"),
        ({**PASS, "Assign": {"a-b": 1}}, "/States/A/Assign"),
        ({**TASK, "QueryLanguage": "SQL"}, "/States/A/QueryLanguage"),
        ({"Type": "Choice", "QueryLanguage": "JSONPath", "Choices": []}, "/States/A/Choices"),
    ],
)
def test_a_faulty_state_is_refused_with_its_place(state: dict[str, Any], location: str) -> None:
    assert _refusal({"A": state}).location == location


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"MaxConcurrency": -1}, "Minimum value is 0"),
        ({"ToleratedFailurePercentage": 100.5}, "Maximum value is 100.0"),
        ({"ToleratedFailurePercentage": -1}, "Minimum value is 0.0"),
        (
            {"MaxConcurrency": 1, "MaxConcurrencyPath": "$.n"},
            "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]",
        ),
    ],
)
def test_numbers_of_a_map_are_held_to_their_bounds(fields: dict[str, Any], message: str) -> None:
    processor = {"StartAt": "B", "States": {"B": PASS}}
    state = {"Type": "Map", "QueryLanguage": "JSONPath", "ItemProcessor": processor, "End": True, **fields}
    assert _refusal({"A": state}).message == f"SCHEMA_VALIDATION_FAILED: {message}"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            {**PASS, "ResultPath": "$.a"},
            (
                "The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for the "
                "'JSONPath' QueryLanguage"
            ),
        ),
        (
            {**PASS, "QueryLanguage": "JSONPath", "Output": 1},
            (
                "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the "
                "'JSONata' QueryLanguage"
            ),
        ),
        ({**PASS, "Catch": []}, "Field 'Catch' is not supported"),
        ({**PASS, "QueryLanguage": "JSONPath", "InputPath": "a"}, "Value must be a valid JSONPath."),
        ({**PASS, "QueryLanguage": "JSONPath", "ResultPath": "$.a[*]"}, "Value is not a Reference Path"),
        ({**PASS, "Next": "A"}, "There should only be one of the following fields: [Next, End]"),
        ({"Type": "Task", "End": True}, "These fields are required: [Resource]"),
        (
            {**TASK, "Resource": "f"},
            (
                "The resource provided f is not recognized. The value is not a valid resource ARN, or the "
                "resource is not available in this region."
            ),
        ),
    ],
)
def test_a_state_is_refused_in_the_services_words(state: dict[str, Any], message: str) -> None:
    assert _refusal({"A": state}).message == f"SCHEMA_VALIDATION_FAILED: {message}"


def test_a_start_that_is_no_state_is_refused() -> None:
    assert _refusal({"B": PASS}).location == "/StartAt"


@pytest.mark.parametrize("kind", ["Parallel", "Map"])
def test_a_variable_of_an_outer_scope_cannot_be_assigned_in_an_inner_one(kind: str) -> None:
    inner = {"StartAt": "I", "States": {"I": {**PASS, "Assign": {"x": 2}}}}
    body = {"Branches": [inner]} if kind == "Parallel" else {"ItemProcessor": inner}
    refusal = _refusal(
        {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"}, "P": {"Type": kind, **body, "End": True}}
    )
    assert "'x'" in refusal.message
    assert refusal.location.endswith("/I/Assign")


def test_sibling_scopes_may_assign_the_same_name() -> None:
    branch: dict[str, Any] = {"StartAt": "I", "States": {"I": {**PASS, "Assign": {"x": 2}}}}
    other: dict[str, Any] = {"StartAt": "J", "States": {"J": {**PASS, "Assign": {"x": 3}}}}
    StateMachine.parse(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "P",
            "States": {"P": {"Type": "Parallel", "Branches": [branch, other], "End": True}},
        }
    )


def test_a_name_that_occurs_twice_in_the_machine_is_refused() -> None:
    inner = {"StartAt": "A", "States": {"A": PASS}}
    assert "'A'" in _refusal({"A": {"Type": "Parallel", "Branches": [inner], "End": True}}).message


def test_a_name_of_more_than_eighty_characters_is_refused() -> None:
    long = "x" * 81
    assert "80" in _refusal({"A": {"Type": "Pass", "Next": long}, long: PASS}).message
