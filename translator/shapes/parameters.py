"""What a node's parameters must be of once their expressions are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from translator.node_type import EXPRESSION_FORMAT, Parameters
from translator.shapes import kinds
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.reading import field
from translator.shapes.shape import JSON, Shape


@cache
def parameters_shape(model: type[Parameters]) -> Shape:
    """The shape of all parameters of a node type."""
    return shape_of_schema(_evaluated(model.model_json_schema()))


@lru_cache(maxsize=1024)
def parameter_shape(model: type[Parameters], parts: tuple[str, ...]) -> Shape:
    """The shape of what stands within the parameters behind these parts of a JSON pointer."""
    found = parameters_shape(model)
    for part in parts:
        is_index = part.isdecimal() and bool(found.kinds & kinds.ARRAY)
        found = found.element if is_index else field(found.only(kinds.OBJECT), unescaped(part))
    found = found.without(kinds.NOTHING)
    return found if found.kinds else JSON


def unescaped(part: str) -> str:
    """A part of a JSON pointer as the name it stands for (RFC 6901)."""
    return part.replace("~1", "/").replace("~0", "~")


def _evaluated(schema: Any) -> Any:
    """The schema without the texts that stand for an expression: what one gives may be anything else."""
    if isinstance(schema, list):
        return [_evaluated(inner) for inner in schema]
    if not isinstance(schema, Mapping):
        return schema
    if schema.get("format") == EXPRESSION_FORMAT:
        return {}
    if "anyOf" not in schema:
        return {key: _evaluated(inner) for key, inner in schema.items()}
    others = [inner for inner in schema["anyOf"] if inner.get("format") != EXPRESSION_FORMAT]
    is_any = all(inner == {"type": "null"} for inner in others)
    return {} if is_any else {"anyOf": _evaluated(others)}
