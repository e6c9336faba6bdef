"""Tells in words what the body of a node is repeated for, and how many failures it bears."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from translator import nodes
from translator.definition.model import Node
from translator.node_type import inner


def repetition(node: Node) -> Iterator[str]:
    """The items of a `for_each` or the condition of a `while`, with their bounds."""
    if node.type == "for_each":
        yield f"Its items: {_told(node.parameters.get('items'))}{_pace(node.parameters)}."
        yield from _tolerance(node.parameters)
    if node.type == "while":
        bound = node.parameters.get("max_iterations", _default(node.type, "max_iterations"))
        yield f"As long as {_told(node.parameters.get('condition'))}, at most {_times(bound)}."


def _told(value: Any) -> str:
    is_expression = isinstance(value, str) and value.startswith("{%")
    return " ".join(inner(value).split()) if is_expression else json.dumps(value, ensure_ascii=False)


def _pace(parameters: Mapping[str, Any]) -> str:
    concurrency = parameters.get("concurrency")
    if concurrency is None:
        return ""
    return ", one after the other" if concurrency == 1 else f", at most {concurrency} at once"


def _tolerance(parameters: Mapping[str, Any]) -> Iterator[str]:
    count, share = parameters.get("tolerated_failures"), parameters.get("tolerated_failure_percentage")
    if share == 100:
        yield "However many of them fail, the others go on."
    elif share is not None:
        yield f"Up to {share} % of them may fail; the others go on."
    elif count is not None:
        yield f"Up to {count} of them may fail; the others go on."


def _times(bound: Any) -> str:
    return "once" if bound == 1 else f"{bound} times"


def _default(type_: str, parameter: str) -> Any:
    return nodes.load(type_).Parameters.model_fields[parameter].default
