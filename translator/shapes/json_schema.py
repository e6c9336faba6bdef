"""The shape that a JSON Schema describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, Final

from translator.json_value import JsonValue
from translator.shapes import kinds
from translator.shapes.literal import shape_of
from translator.shapes.shape import (
    DEEPEST,
    JSON,
    NEVER,
    Shape,
    fields_of,
    join,
    join_all,
    meet,
)

MOST_REFERENCES: Final = 6
"""How many references are followed inside one another; a schema may refer to itself."""

_KINDS: Final = MappingProxyType(
    {
        "null": kinds.NULL,
        "boolean": kinds.BOOLEAN,
        "number": kinds.NUMBER,
        "integer": kinds.NUMBER,
        "string": kinds.TEXT,
        "array": kinds.ARRAY,
        "object": kinds.OBJECT,
    }
)


def shape_of_schema(schema: object) -> Shape:
    """Every value that fits the schema, and perhaps more: what a keyword says of no shape is passed over.

    Never raises: what is no schema allows everything. References are followed within the schema only.
    """
    return _Reader(schema).shape(schema, MOST_REFERENCES)


class _Reader:
    """One schema; what a reference stands for is worked out once a depth."""

    def __init__(self, root: object) -> None:
        self.root = root
        self.referred: dict[tuple[str, int], Shape] = {}
        self.level = 0

    def shape(self, schema: object, depth: int) -> Shape:
        if schema is False:
            return NEVER
        if not isinstance(schema, Mapping) or self.level == DEEPEST:
            return JSON
        self.level += 1
        found = self.read(schema, depth)
        self.level -= 1
        return found

    def read(self, schema: Mapping[str, Any], depth: int) -> Shape:
        found = meet(_of_type(schema), JSON)
        for keyword, reading in _READINGS:
            if keyword in schema:
                found = meet(found, reading(self, schema[keyword], schema, depth))
        if schema.get("nullable") is True:
            found = join(found, Shape(kinds.NULL))
        return found

    def reference(self, name: object, _: Mapping[str, Any], depth: int) -> Shape:
        if not isinstance(name, str) or not name.startswith("#") or depth == 0:
            return JSON
        key = (name, depth)
        if key not in self.referred:
            self.referred[key] = JSON
            self.referred[key] = self.shape(_at(self.root, name[1:]), depth - 1)
        return self.referred[key]

    def either(self, schemas: object, _: Mapping[str, Any], depth: int) -> Shape:
        return join_all(self.shape(schema, depth) for schema in _list(schemas)) if _list(schemas) else JSON

    def every(self, schemas: object, _: Mapping[str, Any], depth: int) -> Shape:
        return reduce(meet, (self.shape(schema, depth) for schema in _list(schemas)), JSON)

    def items(self, items: object, schema: Mapping[str, Any], depth: int) -> Shape:
        if isinstance(items, Mapping | bool) and "prefixItems" not in schema:
            return Shape(kinds.JSON, None, self.shape(items, depth))
        return JSON

    def fields(self, properties: object, schema: Mapping[str, Any], depth: int) -> Shape:
        given = properties if isinstance(properties, Mapping) else {}
        rest, is_loose = self.other_fields(schema, depth)
        known = {str(name): self.shape(inner, depth).or_nothing for name, inner in given.items()}
        for name in _list(schema.get("required")):
            if isinstance(name, str):
                known[name] = known.get(name, rest).without(kinds.NOTHING)
        fields = fields_of(known, rest.or_nothing, is_loose=is_loose and bool(known))
        return Shape(kinds.JSON, None, None, fields)

    def other_fields(self, schema: Mapping[str, Any], depth: int) -> tuple[Shape, bool]:
        """The shape of fields that are not named, and whether nothing at all is said of them."""
        if "patternProperties" in schema:
            return JSON, False
        if "additionalProperties" in schema:
            return self.shape(schema["additionalProperties"], depth), False
        return JSON, True

    def more_fields(self, _: object, schema: Mapping[str, Any], depth: int) -> Shape:
        return JSON if "properties" in schema else self.fields({}, schema, depth)


def _of_type(schema: Mapping[str, Any]) -> Shape:
    names = schema.get("type")
    listed = [names] if isinstance(names, str) else _list(names)
    some = reduce(or_, (_KINDS.get(name, kinds.JSON) for name in listed if isinstance(name, str)), 0)
    return Shape(some or kinds.JSON)


def _constant(value: JsonValue, *_: object) -> Shape:
    return shape_of(value)


def _one_of(values: object, *_: object) -> Shape:
    return join_all(shape_of(value) for value in _list(values)) if _list(values) else JSON


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _at(root: object, pointer: str) -> object:
    found = root
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name, True) if isinstance(found, Mapping) else True
    return found


_Reading = Callable[[_Reader, Any, Mapping[str, Any], int], Shape]
_READINGS: Final[Sequence[tuple[str, _Reading]]] = (
    ("$ref", _Reader.reference),
    ("const", lambda _, value, schema, depth: _constant(value, schema, depth)),
    ("enum", lambda _, value, schema, depth: _one_of(value, schema, depth)),
    ("anyOf", _Reader.either),
    ("oneOf", _Reader.either),
    ("allOf", _Reader.every),
    ("items", _Reader.items),
    ("properties", _Reader.fields),
    ("additionalProperties", _Reader.more_fields),
)
