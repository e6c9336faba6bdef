"""Selects a part of a value: by a path, or by an expression that somebody evaluates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from layers.runtime.json_value import JsonValue

Evaluate: TypeAlias = Callable[[str, Mapping[str, JsonValue]], JsonValue]
"""Evaluates JSONata source on names and values, null where it yields nothing; raises SelectionError."""


class SelectionError(Exception):
    """An expression that failed; the message says how."""


def select(text: str, names: Mapping[str, JsonValue], root: JsonValue, evaluate: Evaluate) -> JsonValue:
    """What a path finds in `root`, or a whole `{% … %}` gives; null if that is nothing.

    Raises SelectionError.
    """
    stripped = text.strip()
    if stripped.startswith("{%"):
        return evaluate(stripped.removeprefix("{%").removesuffix("%}").strip(), names)
    value = root
    for field in stripped.split("."):
        value = value.get(field) if isinstance(value, Mapping) else None
    return value


def no_expressions(source: str, names: Mapping[str, JsonValue]) -> JsonValue:
    """For those that evaluate none."""
    del names
    raise SelectionError(f"nothing here evaluates the expression '{source[:80]}'")
