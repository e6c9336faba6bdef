"""What node types declare of their outputs."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from translator import nodes
from translator.node_type import Invoking


def declared(name: str, parameters: dict[str, Any]) -> Any:
    return nodes.load(name).output_schema(parameters)


@pytest.mark.parametrize("name", nodes.names())
def test_a_type_declares_a_schema_that_is_json_or_nothing(name: str) -> None:
    parameters = yaml.safe_load(nodes.load(name).example)["parameters"]
    before = json.dumps(parameters)
    schema = declared(name, parameters)
    assert schema is None or isinstance(json.loads(json.dumps(schema)), dict)
    assert json.dumps(parameters) == before


def test_a_delay_gives_null() -> None:
    assert declared("delay", {"seconds": 1}) == {"type": "null"}


def test_a_condition_gives_one_of_its_ports() -> None:
    schema = declared("condition", {"cases": [{"port": "big", "when": "{% true %}"}], "default": "rest"})
    assert schema["properties"] == {"port": {"enum": ["big", "rest"]}}
    assert schema["required"] == ["port"]
    assert declared("condition", {"when": "{% true %}"})["properties"]["port"]["enum"] == ["true", "false"]


def test_what_a_function_gives_only_the_run_can_tell() -> None:
    assert declared("function", {"function": "order_total"}) is None


URL = {"url": "https://example.com"}


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ({}, {}),
        ({"response": "json"}, {}),
        ({"response": "text"}, {"type": ["string", "null"]}),
        ({"response_schema": {"type": "array"}}, {"type": "array"}),
        ({"response_schema": False}, False),
    ],
)
def test_an_http_request_knows_its_body_as_far_as_it_is_declared(
    parameters: dict[str, Any], body: Any
) -> None:
    schema = declared("http_request", {**URL, **parameters})
    assert schema["properties"]["body"] == body
    assert schema["required"] == ["status", "headers", "body"]


def test_references_of_a_response_schema_lead_to_where_it_stands() -> None:
    tree = {"$defs": {"leaf": {}}, "anyOf": [{"$ref": "#/$defs/leaf"}, {"items": {"$ref": "#"}}, {"$ref": 5}]}
    body = declared("http_request", {**URL, "response_schema": tree})["properties"]["body"]
    moved = [{"$ref": "#/properties/body/$defs/leaf"}, {"items": {"$ref": "#/properties/body"}}, {"$ref": 5}]
    assert body == {"$defs": {"leaf": {}}, "anyOf": moved}


def test_a_response_schema_stays_with_the_translator() -> None:
    lowered = nodes.load("http_request").lower({**URL, "response_schema": {"type": "object"}})
    assert lowered == Invoking(parameters=URL)
