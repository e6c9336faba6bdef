"""The working parts that all steps of an execution share."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from translator.expressions.evaluator import Ambient
from translator.interpreter import details
from translator.interpreter.context import state_context
from translator.interpreter.failure import StateFailure
from translator.interpreter.frame import Frame, close_all
from translator.interpreter.history import History
from translator.interpreter.payload import Payload, exceeds_limit
from translator.interpreter.pending import Pending
from translator.interpreter.request import TaskRequest
from translator.interpreter.states import State
from translator.interpreter.template import Template
from translator.interpreter.timers import Timers
from translator.json_value import JsonValue

RUNNING: Final = "RUNNING"
TOO_LARGE: Final = (
    "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit."
)
_SMALL: Final = (int, float, bool, type(None))

Step: TypeAlias = "Callable[[Engine, Frame], bool]"
"""Does something for a frame; true where the frame now stands before a state that can be visited at once."""


def too_large(name: str) -> StateFailure:
    """The failure of a state whose own output or variables are too large, which no wildcard catches (AWS)."""
    return StateFailure("States.DataLimitExceeded", TOO_LARGE.format(name), terminal=True)


class Engine:
    """History, timers, ready frames and open tasks of one execution."""

    __slots__ = (
        "ambient",
        "arn",
        "cause",
        "error",
        "generator",
        "history",
        "new_requests",
        "now",
        "output",
        "pending",
        "ready",
        "region",
        "root",
        "shared_context",
        "status",
        "timers",
    )

    def __init__(
        self, root: Frame, arn: str, shared_context: Mapping[str, JsonValue], now: float, seed: int
    ) -> None:
        self.root = root
        self.arn = arn
        parts = arn.split(":")
        self.region = parts[3] if len(parts) > 3 else ""
        self.shared_context = shared_context
        self.generator = random.Random(seed)  # noqa: S311 (jitter and $random, no secrets)
        self.history = History()
        self.timers = Timers()
        self.ready: deque[tuple[Frame, Step | None]] = deque()
        self.pending: dict[str, Pending] = {}
        self.new_requests: list[TaskRequest] = []
        self.status = RUNNING
        self.output: Payload | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.set_now(now)

    def set_now(self, now: float) -> None:
        """Move the clock, which never goes back."""
        self.now = now
        self.ambient = Ambient(round(now * 1000), self.generator)

    def write(
        self, kind: str, previous: int, details: Callable[..., Mapping[str, Any]] | None = None, *args: Any
    ) -> int:
        """Write an event; returns its id."""
        return self.history.append(self.now, kind, previous, details, *args)

    def enter(self, frame: Frame, state: State) -> None:
        """Write that the frame enters its state."""
        identifier = self.write(
            state.entered, frame.previous, details.state_entered, state.name, frame.payload
        )
        frame.enter(identifier, self.now)

    def leave(
        self,
        frame: Frame,
        state: State,
        output: Payload,
        assigned: Mapping[str, JsonValue] | None,
        target: str | None,
    ) -> bool:
        """Write that the frame leaves its state and set it before the next, or end it."""
        frame.previous = self.write(
            state.exited, frame.previous, details.state_exited, state.name, output, assigned
        )
        if assigned:
            frame.assign(assigned)
        if target is None:
            self.end_frame(frame, output)
            return False
        frame.go(target, output)
        return True

    def end_frame(self, frame: Frame, output: Payload) -> None:
        """The frame has reached the end of its scope."""
        frame.close()
        if frame.parent is not None:
            frame.parent.child_ended(self, frame, output)
            return
        self.status = "SUCCEEDED"
        self.output = output
        self.write_last("ExecutionSucceeded", frame.previous, details.execution_succeeded, output)

    def end(self, status: str, error: str | None, cause: str | None, event: tuple[str, int, str]) -> None:
        """End the execution badly; `event` is the last event's type, previous id and details' name."""
        self.status, self.error, self.cause = status, error, cause
        kind, previous, key = event
        self.write_last(kind, previous, details.failed, key, error, cause)
        close_all([self.root])

    def write_last(
        self, kind: str, previous: int, details: Callable[..., Mapping[str, Any]], *args: Any
    ) -> None:
        """Write the event that ends the execution."""
        self.history.append_last(self.now, kind, previous, details, *args)

    def scope(self, frame: Frame, state: State, **more: JsonValue) -> Mapping[str, JsonValue]:
        """The names that the state's expressions see: the variables, and `states` with `more` in it."""
        states: dict[str, JsonValue] = {"input": frame.payload.value}
        if state.needs_context:
            states["context"] = state_context(frame, self.shared_context, frame.map_item())
        states.update(more)
        return {**frame.variables, "states": states}

    def render(self, template: Template, scope: Mapping[str, JsonValue]) -> JsonValue:
        """The value of a field; raises QueryFailure."""
        return template.evaluate(scope, self.ambient)

    def render_payload(self, template: Template, scope: Mapping[str, JsonValue], state: State) -> Payload:
        """The value of a field that becomes somebody's input or output; raises States.DataLimitExceeded."""
        payload = Payload(template.evaluate(scope, self.ambient))
        if not isinstance(payload.value, _SMALL) and exceeds_limit(payload.text):
            raise too_large(state.name)
        return payload

    def render_variables(
        self, template: Template, scope: Mapping[str, JsonValue], state: State
    ) -> Mapping[str, JsonValue]:
        """The values of an Assign, each within the limit of a variable."""
        values = template.evaluate(scope, self.ambient)
        assert isinstance(values, Mapping)
        for value in values.values():
            if not isinstance(value, _SMALL) and exceeds_limit(Payload(value).text):
                raise too_large(state.name)
        return values
