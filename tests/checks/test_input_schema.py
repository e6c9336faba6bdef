"""Schemas that could not be applied, found before a payload arrives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from translator.compiler import compile_text
from translator.input_schema import misfits


def told(schema: Any, body: Any = None) -> list[str]:
    """What is said of an input, and of a test with that body."""
    definition = {
        "id": "w",
        "input": schema,
        "nodes": [{"id": "n", "type": "transform", "parameters": {"output": 1}}],
        "tests": [{"name": "one", "trigger": {"body": body}, "expect": {}}],
    }
    return [
        f"{one.position.pointer} {one.message}" for one in compile_text(json.dumps(definition)).diagnostics
    ]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "objekt"}, "/input/type the input is no JSON Schema"),
        ({"pattern": "("}, '/input/pattern the input is no JSON Schema: "(" is no regular expression'),
        ({"items": {"$ref": "#/$defs/x"}}, 'it refers to "#/$defs/x", which is not there'),
        ({"$ref": "#"}, "it refers to itself without end"),
        ({"$ref": "other.json"}, 'refers to "other.json", which is another document'),
        ({"$schema": []}, "/input/$schema the input is no JSON Schema"),
    ],
)
def test_a_schema_that_could_not_be_applied_is_told_with_its_place(schema: Any, said: str) -> None:
    (only,) = told(schema)
    assert said in only


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"pattern": {"type": "string"}}, "enum": [{"pattern": "("}, {}]},
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}},
        {"$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}}}, "$ref": "#/$defs/tree"},
        {"$schema": "https://example.com/unknown"},
    ],
)
def test_a_schema_that_can_be_applied_is_not_complained_about(schema: Any) -> None:
    assert told(schema, {}) == []


def test_every_place_of_a_value_is_told() -> None:
    schema = {
        "properties": {"a": {"type": "integer"}, "b~/": {"items": {"maxLength": 1}}},
        "required": ["c"],
    }
    found = dict(misfits(schema, {"a": "x", "b~/": ["yy", "z"]}))
    assert list(found) == ["", "/a", "/b~0~1/0"]
    assert "'c' is a required property" in found[""]


def test_a_long_value_is_not_quoted_whole() -> None:
    ((_, message),) = misfits({"type": "integer"}, "x" * 10_000)
    assert len(message) < 200
    assert message.endswith("is not of type 'integer'")
