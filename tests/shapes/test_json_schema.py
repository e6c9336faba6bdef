"""What a JSON Schema says of shapes."""

from __future__ import annotations

from typing import Any

import pytest

from translator.shapes import kinds
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.reading import field
from translator.shapes.shape import (
    JSON,
    NEVER,
    NULL,
    NUMBER,
    TEXT,
    Shape,
    array_of,
    join,
    text_of,
)


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (True, JSON),
        ({}, JSON),
        ("no schema", JSON),
        (False, NEVER),
        ({"type": "integer"}, NUMBER),
        ({"type": ["string", "null"]}, join(TEXT, NULL)),
        ({"type": "string", "nullable": True}, join(TEXT, NULL)),
        ({"enum": ["a", "b"]}, text_of("a", "b")),
        ({"const": None}, NULL),
        ({"type": "string", "enum": ["a", 5]}, text_of("a")),
        ({"type": "array", "items": {"type": "number"}}, array_of(NUMBER)),
        ({"type": "array", "prefixItems": [{"type": "number"}]}, Shape(kinds.ARRAY)),
        ({"anyOf": [{"type": "number"}, {"type": "string"}]}, join(TEXT, NUMBER)),
        ({"oneOf": []}, JSON),
        ({"allOf": [{"type": ["number", "string"]}, {"type": ["string", "null"]}]}, TEXT),
        ({"$ref": "#/$defs/n", "$defs": {"n": {"type": "number"}}}, NUMBER),
        ({"$ref": "#/definitions/a~1b", "definitions": {"a/b": {"type": "null"}}}, NULL),
        ({"$ref": "https://example.com/schema.json"}, JSON),
        ({"$ref": "#/nowhere"}, JSON),
        ({"type": "no type"}, JSON),
        ({"type": 5, "enum": 7, "properties": 3, "required": 1, "anyOf": {}}, JSON),
    ],
)
def test_a_schema_gives_a_shape(schema: Any, shape: Shape) -> None:
    found = shape_of_schema(schema)
    assert found == shape or found.kinds == shape.kinds == kinds.JSON


def test_a_field_that_is_not_required_may_be_nothing() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "string"}},
        "required": ["a"],
    }
    shape = shape_of_schema(schema)
    assert field(shape, "a") == NUMBER
    assert field(shape, "b") == TEXT.or_nothing


def test_other_fields_are_there_unless_they_are_excluded() -> None:
    named = {"type": "object", "properties": {"a": {"type": "number"}}}
    assert field(shape_of_schema(named), "other").kinds == kinds.JSON | kinds.NOTHING
    assert field(shape_of_schema({**named, "additionalProperties": False}), "other").kinds == kinds.NOTHING
    typed = {**named, "additionalProperties": {"type": "string"}}
    assert field(shape_of_schema(typed), "other") == TEXT.or_nothing
    patterned = {**named, "additionalProperties": False, "patternProperties": {"^x": {}}}
    assert field(shape_of_schema(patterned), "other").kinds & kinds.JSON


def test_a_field_that_is_required_and_not_described_is_there() -> None:
    shape = shape_of_schema({"type": "object", "properties": {}, "required": ["a"]})
    assert field(shape, "a") == JSON


def test_a_schema_that_refers_to_itself_is_read_so_deep_and_no_deeper() -> None:
    tree = {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {
                    "value": {"type": "number"},
                    "left": {"$ref": "#/$defs/tree"},
                    "right": {"$ref": "#/$defs/tree"},
                },
                "required": ["value", "left", "right"],
                "additionalProperties": False,
            }
        },
        "$ref": "#/$defs/tree",
    }
    shape = shape_of_schema(tree)
    assert field(field(field(shape, "left"), "right"), "value") == NUMBER
    assert field(shape, "middle").kinds == kinds.NOTHING
    for _ in range(20):
        shape = field(shape, "left")
    assert shape.kinds & kinds.JSON


def test_a_schema_that_is_only_itself_says_nothing() -> None:
    assert shape_of_schema({"$ref": "#"}) == JSON
