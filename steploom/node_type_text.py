"""Tells what a node type is for, from what its own file says."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.node_type import NodeType

_OF_JSON: Final = {"integer": "number", "number": "number", "string": "text", "array": "list"}
_MOST_VALUES: Final = 8


def describe(node_type: NodeType) -> str:
    """Purpose, parameters, ports and an example of a node type."""
    parts = [
        f"{node_type.name}: {node_type.summary}",
        "",
        inspect.getdoc(type(node_type)) or "",
        "",
        "Parameters:",
        *_parameters(node_type),
        "",
        "Example:",
        textwrap.indent(node_type.example.strip(), "    "),
    ]
    return "\n".join(parts) + "\n"


def _parameters(node_type: NodeType) -> Iterator[str]:
    """A table: name, type, whether it is needed, what it is."""
    schema = node_type.Parameters.model_json_schema()
    needed = set(schema.get("required", ()))
    rows = [
        (
            name,
            _type(field, schema.get("$defs", {})),
            "(needed)" if name in needed else _default(field),
            field.get("description", ""),
        )
        for name, field in schema["properties"].items()
    ]
    if not rows:
        yield "    none"
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield f"    {'  '.join((*cells, row[3])).rstrip()}"


def _type(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """A parameter's type in a word or two; null is not told, as it only says that nothing is given."""
    if "$ref" in field:
        return _type(definitions[field["$ref"].rpartition("/")[2]], definitions)
    if "enum" in field:
        values = [str(value) for value in field["enum"]]
        return "|".join(values) if len(values) <= _MOST_VALUES else "text"
    if "anyOf" in field:
        names = (_type(one, definitions) for one in field["anyOf"] if one.get("type") != "null")
        return " or ".join(dict.fromkeys(names))
    kind: str = field.get("type", "any JSON")
    return _OF_JSON.get(kind, kind)


def _default(field: Mapping[str, Any]) -> str:
    value = field.get("default")
    return "(optional)" if value in (None, "", {}, []) else f"(default {json.dumps(value)})"
