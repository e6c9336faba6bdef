"""The definition language as one JSON Schema, each node's parameters by its type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from translator import nodes
from translator.definition.model import WorkflowDefinition

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def definition_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a definition.

    It says what shape a definition has. What its parts mean to each other (ids, edges, expressions) is
    beyond a schema: `steploom check` tells.
    """
    schema = WorkflowDefinition.model_json_schema()
    definitions: dict[str, Any] = schema["$defs"]
    definitions["Node"] = {**definitions["Node"], "allOf": list(_conditions())}
    definitions["Node"]["properties"]["type"] = {"title": "Type", "oneOf": list(_types())}
    for name in nodes.names():
        definitions.update(_parameters(name))
    return {"$schema": DIALECT, **schema}


def _types() -> Iterator[dict[str, str]]:
    for name in nodes.names():
        yield {"const": name, "description": nodes.load(name).summary}


def _conditions() -> Iterator[dict[str, Any]]:
    for name in nodes.names():
        is_needed = "required" in nodes.load(name).Parameters.model_json_schema()
        then: dict[str, Any] = {"properties": {"parameters": {"$ref": f"#/$defs/{name}"}}}
        if is_needed:
            then["required"] = ["parameters"]
        # Without `required` a node that has no type yet would have to fit every type at once.
        yield {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then}


def _parameters(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The parameters of a type under its name, and what they refer to under `<type>.<model>`."""
    schema = nodes.load(name).Parameters.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
    for inner, definition in schema.pop("$defs", {}).items():
        yield f"{name}.{inner}", definition
    yield name, schema
