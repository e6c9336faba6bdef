"""The context object, `$states.context`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from translator.interpreter.frame import Frame
from translator.interpreter.states import GuardedState
from translator.json_value import JsonValue


def timestamp_text(seconds: float) -> str:
    """Epoch seconds as the service writes a time: UTC, with milliseconds."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def state_context(
    frame: Frame, shared: Mapping[str, JsonValue], item: Mapping[str, JsonValue] | None
) -> Mapping[str, JsonValue]:
    """What the state of `frame` sees beside `shared` (Execution and StateMachine)."""
    state: dict[str, JsonValue] = {"Name": frame.state.name, "EnteredTime": timestamp_text(frame.entered_at)}
    if isinstance(frame.state, GuardedState):
        state["RetryCount"] = frame.retry_count
    context: dict[str, JsonValue] = {**shared, "State": state}
    if item is not None:
        context["Map"] = {"Item": item}
    if frame.token is not None:
        context["Task"] = {"Token": frame.token}
    return context
