"""Holds a node's parameters against its type; what an expression will give is checked when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from translator.definition.model import Node
from translator.definition.positions import join_pointer
from translator.node_type import EXPRESSION_REFUSED, NodeType
from translator.resolve.report import Report

UNKNOWN_PARAMETER = "WF203"
MISSING_PARAMETER = "WF204"
WRONG_PARAMETER = "WF205"
_ALWAYS_CHECKED = frozenset({EXPRESSION_REFUSED, "expression_required"})


def check_parameters(node: Node, node_type: NodeType, pointer: str, report: Report) -> bool:
    """Reports every parameter that does not fit; tells whether all do."""
    try:
        node_type.Parameters.model_validate(node.parameters)
    except ValidationError as invalid:
        errors = [error for error in invalid.errors(include_url=False) if not _is_for_later(error)]
        for error in errors:
            _report_one(node, node_type, f"{pointer}/parameters", error, report)
        return not errors
    return True


def _is_for_later(error: Any) -> bool:
    given = error["input"]
    return error["type"] not in _ALWAYS_CHECKED and isinstance(given, str) and "{%" in given


def _report_one(node: Node, node_type: NodeType, pointer: str, error: Any, report: Report) -> None:
    path = _path(node.parameters, error["loc"])
    for part in path:
        pointer = join_pointer(pointer, part)
    name = ".".join(str(part) for part in path) or "parameters"
    if error["type"] == "extra_forbidden":
        known = _known_names(node_type, path)
        near = get_close_matches(str(path[-1]), known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"it has: {', '.join(known)}"
        message = f'"{name}" is not a parameter of node "{node.id}" (type "{node_type.name}")'
        report.error_at_key(UNKNOWN_PARAMETER, message, hint, pointer)
    elif error["type"] == "missing":
        message = f'node "{node.id}" (type "{node_type.name}") needs the parameter "{name}"'
        report.error(MISSING_PARAMETER, message, f'add "{name}" to its parameters', pointer)
    else:
        message = f'parameter "{name}" of node "{node.id}": {_worded(error["msg"])}'
        hint = f'"steploom nodes {node_type.name}" shows the parameters and an example'
        report.error(WRONG_PARAMETER, message, hint, pointer)


def _worded(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return text[:1].lower() + text[1:]


def _path(data: Any, location: Sequence[str | int]) -> list[str | int]:
    """The part of pydantic's location that is in the data, with a missing last field."""
    path: list[str | int] = []
    for number, part in enumerate(location):
        inside = (isinstance(data, Mapping) and part in data) or (
            isinstance(data, Sequence) and isinstance(part, int) and part < len(data)
        )
        if inside:
            data = data[part]
            path.append(part)
        elif number == len(location) - 1 and isinstance(data, Mapping):
            path.append(part)
    return path


def _known_names(node_type: NodeType, path: Sequence[str | int]) -> list[str]:
    return sorted(node_type.Parameters.model_fields) if len(path) == 1 else []
