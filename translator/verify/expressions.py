"""Every expression can be read as the service reads it (JSONata 2.0.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.expressions.syntax import parse_expression
from translator.verify.walk import scopes, texts

_NO_VALUES: Final = frozenset({"Branches", "ItemProcessor", "Choices", "Catch", "Next", "Default", "Comment"})
"""A state may be called what looks like an expression."""


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every expression with a syntax error, by the state that it stands in."""
    for scope in scopes(document):
        for name, state in scope["States"].items():
            for text in texts(_own(state)):
                tree = parse_expression(text)
                if tree.root is None:
                    yield f"{name!r} holds an expression that is none: {tree.problems[0].message}: {text}"


def _own(state: Mapping[str, Any]) -> list[Any]:
    """The values of a state, its rules and catchers, without the states in it and the names of others."""
    parts = (state, *state.get("Choices", ()), *state.get("Catch", ()))
    return [value for part in parts for field, value in part.items() if field not in _NO_VALUES]
