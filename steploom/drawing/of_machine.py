"""The diagram of a compiled state machine: its states, and branches inside the states that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from steploom.drawing.diagram import Arrow, Box, Diagram

_KINDS: Final = {
    "Task": "work",
    "Choice": "choice",
    "Wait": "wait",
    "Succeed": "end",
    "Fail": "failed",
}


def diagram_of_machine(machine: Mapping[str, Any], title: str) -> Diagram:
    """One scope of Amazon States Language with all that is nested in it."""
    states: Mapping[str, Mapping[str, Any]] = machine["States"]
    return Diagram(
        boxes=tuple(_box(name, state) for name, state in states.items()),
        arrows=tuple(arrow for name, state in states.items() for arrow in _arrows(name, state)),
        title=title,
    )


def _box(name: str, state: Mapping[str, Any]) -> Box:
    scopes = [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]
    inner = tuple(diagram_of_machine(scope, "") for scope in scopes)
    subtitle = (
        state["Type"] + (" · retries" if state.get("Retry") else "") + (" · end" if state.get("End") else "")
    )
    return Box(name, name, subtitle, _KINDS.get(state["Type"], "plain"), inner)


def _arrows(name: str, state: Mapping[str, Any]) -> Iterator[Arrow]:
    if "Next" in state:
        yield Arrow(name, state["Next"])
    for number, choice in enumerate(state.get("Choices", ()), start=1):
        yield Arrow(name, choice["Next"], f"case {number}" if len(state["Choices"]) > 1 else "if")
    if "Default" in state:
        yield Arrow(name, state["Default"], "else")
    for catcher in state.get("Catch", ()):
        yield Arrow(name, catcher["Next"], _errors(catcher["ErrorEquals"]), "error")


def _errors(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, …"
