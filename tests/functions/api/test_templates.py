"""Templates: each compiles when it is filled, and one that is not filled right says what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.activate.activation import Activator, check
from functions.activate.handler import compile_definition
from functions.api.template_list import TemplateParameter, filled, templates

Call = Callable[..., Any]
FORWARD = "/api/templates/forward-webhook/workflows"
GIVEN = {"path": "in", "url": "https://example.com/in", "alarm_url": "https://example.com/alarm"}


def value_for(parameter: TemplateParameter) -> Any:
    return "https://example.com/x" if parameter.name.endswith("url") else "some/path"


@pytest.mark.parametrize("template", list(templates()))
def test_a_template_that_is_filled_compiles_without_a_finding(template: str, activator: Activator) -> None:
    parameters = templates()[template].parameters
    given = {one.name: value_for(one) for one in parameters if one.default is None}
    real = replace(activator, compile=compile_definition)
    text = json.dumps(filled(template, "mine", "", given))
    assert check(real.compile, text, "json", "main")["diagnostics"] == []
    assert "{{" not in text


def test_a_workflow_is_created_from_a_template_once_per_key(call: Call) -> None:
    sent = {"id": "mine", "parameters": {**GIVEN, "timeout_seconds": 7}}
    created = call("POST", FORWARD, sent, headers={"idempotency-key": "k"})
    assert (created["status"], created["headers"]["location"]) == (201, "/api/workflows/mine")
    definition = json.loads(created["json"]["definition"])
    assert (definition["name"], definition["triggers"][0]["path"]) == ("Forward a webhook", "in")
    assert definition["nodes"][0]["timeout_seconds"] == 7
    assert call("POST", FORWARD, sent, headers={"idempotency-key": "k"})["status"] == 201


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({}, "'path' is missing"),
        ({**GIVEN, "timeout_seconds": "soon"}, "'timeout_seconds' is no integer"),
        ({**GIVEN, "timeout_seconds": True}, "'timeout_seconds' is no integer"),
        ({**GIVEN, "colour": "red"}, "'colour' is no parameter of it"),
    ],
)
def test_parameters_that_do_not_fit_are_told_each(parameters: dict[str, Any], why: str, call: Call) -> None:
    refused = call("POST", FORWARD, {"id": "mine", "parameters": parameters})
    assert (refused["status"], refused["json"]["code"]) == (422, "template_parameters")
    assert why in refused["json"]["detail"]


def test_a_template_that_there_is_not_is_answered_404(call: Call) -> None:
    refused = call("POST", "/api/templates/nothing/workflows", {"id": "mine"})
    assert (refused["status"], refused["json"]["code"]) == (404, "template_not_found")


def test_templates_are_listed_with_their_parameters(call: Call) -> None:
    listed = call("GET", "/api/templates")["json"]["items"]
    assert [one["id"] for one in listed] == ["check-service", "each-item", "forward-webhook"]
    assert "definition" not in listed[0]
    assert listed[1]["parameters"][2] == {
        "name": "at_once",
        "type": "integer",
        "description": "How many calls at a time.",
        "default": 5,
    }
