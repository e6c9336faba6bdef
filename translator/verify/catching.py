"""No Catch or Retry takes what begins with `Steploom.` unless it names it, and Choices never end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from translator.verify.walk import scopes


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every catcher or retrier with a name that stands for all errors, every Choice without a way on."""
    for scope in scopes(document):
        for name, state in scope["States"].items():
            for entry in (*state.get("Catch", ()), *state.get("Retry", ())):
                for error in entry["ErrorEquals"]:
                    if error in {"States.ALL", "States.TaskFailed"} and _may_be_reserved(state):
                        yield f"{name!r} takes {error}, which is also what begins with Steploom."
            if state["Type"] == "Choice" and (not state["Choices"] or "Default" not in state):
                yield f"Choice {name!r} may lead nowhere"


def _may_be_reserved(state: Mapping[str, Any]) -> bool:
    """Whether the state can fail with `Steploom.…`; a call of another service than Lambda cannot."""
    return state["Type"] != "Task" or str(state["Resource"]).startswith("arn:aws:states:::lambda:")
