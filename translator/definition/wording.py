"""Names the parts of a definition in the words of its author."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_COLLECTIONS: Final = {
    "nodes": ("node", "id"),
    "triggers": ("trigger", "id"),
    "variables": ("variable", "name"),
    "metrics": ("metric", "name"),
    "tests": ("test", "name"),
    "edges": ("edge", None),
    "error_handlers": ("error handler", None),
    "on_end": ("action of on_end", None),
}


def quoted(value: object) -> str:
    """A value as its author would recognise it, cut where it is long."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    if value is None:
        return "null (nothing)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…{text[-1:]}"


def owner(data: Any, parts: Sequence[str | int]) -> str:
    """The object that a value belongs to: `node "charge"`, `edge "a" → "b"`, `the workflow`."""
    if len(parts) >= 2 and parts[0] in _COLLECTIONS and isinstance(parts[1], int):
        inner = _inner(parts[2:])
        return f"{inner}{_element(data, str(parts[0]), parts[1])}"
    return f'"{_path(parts)}"' if parts else "the workflow"


def _inner(parts: Sequence[str | int]) -> str:
    if len(parts) > 1 and parts[0] == "parameters":
        return f'parameter "{_path(parts[1:])}" of '
    return f'"{_path(parts)}" of ' if parts else ""


def _path(parts: Sequence[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _element(data: Any, collection: str, index: int) -> str:
    word, name_field = _COLLECTIONS[collection]
    found = data.get(collection) if isinstance(data, Mapping) else None
    element = found[index] if isinstance(found, list) and index < len(found) else None
    if not isinstance(element, Mapping):
        return f"{word} {index + 1}"
    if collection == "edges" and {"from", "to"} <= element.keys():
        return f"edge {quoted(element['from'])} → {quoted(element['to'])}"
    name = element.get(name_field) if name_field else None
    return f"{word} {quoted(name)}" if isinstance(name, str) else f"{word} {index + 1}"
