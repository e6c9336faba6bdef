"""What the service refuses or warns of in definitions whose states could all run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local.states.definition_diagnostics import diagnose
from infra.local.states.definition_warnings import warnings
from infra.local.states.definitions import check
from infra.local.states.service_error import ServiceError

PASS: dict[str, Any] = {"Type": "Pass", "End": True}
TARGET = "MISSING_TRANSITION_TARGET"
UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION"


def to(name: str) -> dict[str, Any]:
    return {"Type": "Pass", "Next": name}


def machine(start: str = "A", language: str = "JSONPath", **states: Any) -> dict[str, Any]:
    return {"StartAt": start, "States": states, "QueryLanguage": language}


def told(definition: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    found = diagnose(json.dumps(definition), express=False, most=100)
    return [(finding.code, finding.message, finding.location) for finding in found]


@pytest.mark.parametrize(
    ("definition", "errors"),
    [
        (machine(A=to("B"), B=to("A")), [("MISSING_END_STATE", "Workflow has no terminal state", None)]),
        (
            machine(A=to("B"), B=to("A"), C=PASS),
            [(TARGET, 'State "C" is not reachable.', "/States/C")],
        ),
        (
            machine(A=to("NOPE")),
            [
                (TARGET, "Missing 'Next' target: NOPE", "/States/A/Next"),
                ("MISSING_END_STATE", "Workflow has no terminal state", None),
            ],
        ),
        (
            machine("Z", A=PASS),
            [
                (TARGET, "Missing 'Next' target: Z", "/StartAt"),
                (TARGET, 'State "A" is not reachable.', "/States/A"),
            ],
        ),
        (
            machine(language="JSONata", A={**PASS, "QueryLanguage": "JSONPath"}),
            [
                (
                    "SCHEMA_VALIDATION_FAILED",
                    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                    "/States/A",
                )
            ],
        ),
        (machine(A={"Type": "Fail"}), []),
        (machine(language="JSONata", A={**PASS, "Output": "{% $states.input.phone %}"}), []),
        (machine(language="JSONata", A={**PASS, "Output": "{% $states.input.a[b = 'c'].d %}"}), []),
    ],
)
def test_errors_are_those_of_the_service(
    definition: dict[str, Any], errors: list[tuple[str, str, str | None]]
) -> None:
    assert told(definition) == errors


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("phone", ["phone"]),
        ("$uppercase(name) & name & other", ["name", "other"]),
        ("$.phone", ["$"]),
        ("$$", ["$$"]),
        ('{"a": b}', ["b"]),
        ("*.a", ["*"]),
        ("'it is phone' & \"and $ too\"", []),
        ("$x and true or $y in [1]", []),
        ("$map([1], function($v) { $v + 1 })", []),
    ],
)
def test_names_that_are_read_from_nothing_are_refused(source: str, names: list[str]) -> None:
    definition = machine(language="JSONata", A={**PASS, "Output": {"v": [f"{{% {source} %}}"]}})
    assert told(definition) == [
        (UNSUPPORTED, f"Reference to '{name}' at the top level is not supported.", "/States/A/Output/v[0]")
        for name in names
    ]


def test_creating_tells_all_that_is_wrong() -> None:
    with pytest.raises(ServiceError) as caught:
        check(json.dumps(machine(A={**PASS, "Colour": "red"}, B=PASS)))
    assert caught.value.message == (
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'Colour' is not supported at "
        '/States/A, MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B\''
    )
    with pytest.raises(ServiceError) as caught:
        check(json.dumps(machine(A=to("A"))))
    assert caught.value.message.endswith("'MISSING_END_STATE: Workflow has no terminal state at null'")


@pytest.mark.parametrize(
    ("state", "code", "place"),
    [
        ({**PASS, "Parameters": {"a": {"b": "$.c"}}}, "NO_DOLLAR", "Parameters/a/b"),
        ({**PASS, "Parameters": {"a": ["States.UUID()"]}}, "NO_DOLLAR", "Parameters/a[0]"),
        ({**PASS, "Result": {"a": "$.b"}}, "PASS_RESULT_IS_STATIC", "Result"),
        ({**PASS, "Result": {"a.$": 1}}, "PASS_RESULT_IS_STATIC", "Result"),
        ({"Type": "Fail", "Cause": "$.cause"}, "NO_PATH", "Cause"),
        (
            {"Type": "Choice", "Choices": [{"Not": {"Variable": "$.a", "StringEquals": "$.b"}, "Next": "A"}]},
            "NO_PATH",
            "Choices[0]/Not/StringEquals",
        ),
    ],
)
def test_what_is_taken_as_it_stands_but_looks_like_a_path_is_warned_of(
    state: dict[str, Any], code: str, place: str
) -> None:
    [found] = warnings(machine(A=state))
    assert (found.code, found.location, found.severity) == (code, f"/States/A/{place}", "WARNING")


@pytest.mark.parametrize(
    "definition",
    [
        machine(A={**PASS, "Parameters": {"a.$": "$.c", "b": "costs $5"}, "Result": "text"}),
        machine(language="JSONata", A={**PASS, "Assign": {"a": "$.b"}}),
    ],
)
def test_what_means_what_it_says_is_not_warned_of(definition: dict[str, Any]) -> None:
    assert warnings(definition) == []
