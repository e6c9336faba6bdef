"""Tells what a node type is for, from what its own file says."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from translator.node_type import NodeType


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
    schema = node_type.Parameters.model_json_schema()
    needed = set(schema.get("required", ()))
    width = max(map(len, schema["properties"]))
    for name, field in schema["properties"].items():
        default = "(needed)" if name in needed else _default(field)
        yield f"    {name:<{width}}  {' '.join((default, field.get('description', ''))).strip()}"


def _default(field: Mapping[str, Any]) -> str:
    value = field.get("default")
    return "(optional)" if value in (None, "", {}, []) else f"(default {json.dumps(value)})"
