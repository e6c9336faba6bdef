"""What expressions that are evaluated outside of the state machine must be told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from translator.chain import ANSWERS
from translator.expressions.syntax import parse_expression
from translator.lower.draft import expression

_DEPTH: Final = 4
"""Fields of `$states` that are objects for sure: `context.Execution.Input.trigger`."""


class UnknowableError(Exception):
    """An expression reads what cannot be told."""


def known_outside(texts: Iterable[str]) -> str | None:
    """An expression that gives the variables which the expressions read, by name; None if there are none.

    Raises UnknowableError for what belongs to the state they stood in.
    """
    variables: set[str] = set()
    paths: set[tuple[str, ...]] = set()
    for source in texts:
        for reference in parse_expression(source).references:
            if reference.name == "states":
                paths.add(_path(reference.path))
            elif reference.name != ANSWERS:
                variables.add(reference.name)
    members = {name: f"${name}" for name in sorted(variables)}
    if paths:
        members["states"] = _object(paths)
    text = ", ".join(f"{json.dumps(name)}: {value}" for name, value in members.items())
    return expression(f"{{{text}}}") if members else None


def _path(path: tuple[str, ...]) -> tuple[str, ...]:
    if len(path) < 2 or path[0] != "context" or path[1] in ("State", "Task"):
        raise UnknowableError
    return path[:_DEPTH]


def _object(paths: Iterable[tuple[str, ...]]) -> str:
    """An object constructor that holds these fields of `$states`, and nothing else of it."""
    tree: dict[str, dict[str, object]] = {}
    for path in sorted(paths, key=len):
        at: dict[str, object] = tree  # type: ignore[assignment]
        for place, field in enumerate(path):
            inner = at.setdefault(field, {} if place < len(path) - 1 else "$" + ".".join(("states", *path)))
            if not isinstance(inner, dict):
                break
            at = inner
    return _written(tree)


def _written(tree: Mapping[str, object]) -> str:
    pairs = (
        f"{json.dumps(field)}: {_written(inner) if isinstance(inner, Mapping) else inner}"
        for field, inner in tree.items()
    )
    return "{" + ", ".join(pairs) + "}"
