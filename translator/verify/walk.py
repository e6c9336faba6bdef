"""Walks an emitted state machine: scopes, states, and where each state leads with what it assigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Way(NamedTuple):
    """One way out of a state: the next state (None ends the scope), and what is evaluated on it."""

    target: str | None
    assign: Mapping[str, Any]
    is_success: bool


def ways(state: Mapping[str, Any]) -> Iterator[Way]:
    """All ways out of a state. A Succeed ends its scope; a Fail has none."""
    kind = state["Type"]
    if kind == "Fail":
        return
    if kind == "Choice":
        for rule in state["Choices"]:
            yield Way(rule.get("Next"), rule.get("Assign", {}), is_success=True)
        if "Default" in state:
            yield Way(state["Default"], state.get("Assign", {}), is_success=True)
        return
    yield Way(state.get("Next"), state.get("Assign", {}), is_success=True)
    for catcher in state.get("Catch", ()):
        yield Way(catcher.get("Next"), catcher.get("Assign", {}), is_success=False)


def inner_scopes(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The scopes inside a state."""
    yield from state.get("Branches", ())
    if "ItemProcessor" in state:
        yield state["ItemProcessor"]


def scopes(scope: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A scope and all scopes inside it."""
    yield scope
    for state in scope["States"].values():
        for inner in inner_scopes(state):
            yield from scopes(inner)


def texts(value: Any) -> Iterator[str]:
    """The source of every expression in a value."""
    if isinstance(value, str):
        if value.startswith("{%") and value.endswith("%}"):
            yield value[2:-2].strip()
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
