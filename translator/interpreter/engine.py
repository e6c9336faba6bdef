"""The working parts that all steps of an execution share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from translator.interpreter import details
from translator.interpreter.context import state_context
from translator.interpreter.failure import StateFailure
from translator.interpreter.frame import Frame, close_all
from translator.interpreter.history import History
from translator.interpreter.loop import Loop
from translator.interpreter.payload import Payload, exceeds_limit
from translator.interpreter.states import State
from translator.interpreter.template import Template
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.map_run import MapRun

RUNNING: Final = "RUNNING"
TOO_LARGE: Final = (
    "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit."
)
_SMALL: Final = frozenset({int, float, bool, type(None)})

Step: TypeAlias = "Callable[[Engine, Frame], bool]"
"""Does something for a frame; true where the frame now stands before a state that can be visited at once."""


def too_large(name: str) -> StateFailure:
    """The failure of a state whose own output or variables are too large, which no wildcard catches (AWS)."""
    return StateFailure("States.DataLimitExceeded", TOO_LARGE.format(name), terminal=True)


class Engine:
    """One execution's history and state; `prefix` begins the ids of its tasks, `ended` is told its end."""

    __slots__ = (
        "arn",
        "cause",
        "ended",
        "error",
        "held_at_most",
        "history",
        "loop",
        "map_runs",
        "output",
        "prefix",
        "region",
        "root",
        "shared_context",
        "status",
    )

    def __init__(
        self,
        root: Frame,
        arn: str,
        shared_context: Mapping[str, JsonValue],
        loop: Loop,
        prefix: str = "",
        ended: Callable[[], None] | None = None,
    ) -> None:
        self.root = root
        self.arn = arn
        parts = arn.split(":")
        self.region = parts[3] if len(parts) > 3 else ""
        self.shared_context = shared_context
        self.loop = loop
        self.prefix = prefix
        self.ended = ended
        self.history = History()
        self.map_runs: list[MapRun] = []
        self.held_at_most = 0
        self.status = RUNNING
        self.output: Payload | None = None
        self.error: str | None = None
        self.cause: str | None = None

    @property
    def now(self) -> float:
        """The time, in epoch seconds."""
        return self.loop.now

    @property
    def role_arn(self) -> str:
        """The role that the execution runs with."""
        execution = self.shared_context["Execution"]
        assert isinstance(execution, Mapping)
        return str(execution["RoleArn"])

    def child(
        self,
        root: Frame,
        arn: str,
        shared_context: Mapping[str, JsonValue],
        prefix: str,
        ended: Callable[[], None],
    ) -> Engine:
        """A child execution in the same loop."""
        return Engine(root, arn, shared_context, self.loop, self.prefix + prefix, ended)

    def wake(self, frame: Frame, step: Step | None) -> None:
        """Let the frame take the step in its turn; None visits the state that it stands before."""
        self.loop.ready.append((self, frame, step))

    def wake_at(self, due: float, frame: Frame, step: Step | None) -> None:
        """Let the frame take the step at a time, unless it has gone on by then."""
        self.loop.timers.set(due, frame, lambda waiting: self.wake(waiting, step))

    def write(
        self, kind: str, previous: int, details: Callable[..., Mapping[str, Any]] | None = None, *args: Any
    ) -> int:
        """Write an event; returns its id."""
        return self.history.append(self.loop.now, kind, previous, details, *args)

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
        if self.ended is not None:
            self.ended()

    def end(self, status: str, error: str | None, cause: str | None, event: tuple[str, int, str]) -> None:
        """End the execution badly; `event` is the last event's type, previous id and details' name."""
        self.status, self.error, self.cause = status, error, cause
        kind, previous, key = event
        self.write_last(kind, previous, details.failed, key, error, cause)
        close_all([self.root])
        if self.ended is not None:
            self.ended()

    def write_last(
        self, kind: str, previous: int, details: Callable[..., Mapping[str, Any]], *args: Any
    ) -> None:
        """Write the event that ends the execution."""
        self.history.append_last(self.loop.now, kind, previous, details, *args)

    def scope(self, frame: Frame, state: State, **more: JsonValue) -> Mapping[str, JsonValue]:
        """The names that the state's expressions see: the variables, and `states` with `more` in it."""
        states: dict[str, JsonValue] = {"input": frame.payload.value}
        if state.needs_context:
            states["context"] = self.context(frame)
        states.update(more)
        return {**frame.variables, "states": states}

    def context(self, frame: Frame) -> Mapping[str, JsonValue]:
        """The context object as the frame's state sees it."""
        return state_context(frame, self.shared_context, frame.map_item())

    def render(self, template: Template, scope: Mapping[str, JsonValue]) -> JsonValue:
        """The value of a field; raises QueryFailure."""
        return template.evaluate(scope, self.loop.ambient)

    def render_payload(self, template: Template, scope: Mapping[str, JsonValue], state: State) -> Payload:
        """The value of a field that becomes somebody's input or output; raises States.DataLimitExceeded."""
        payload = Payload(template.evaluate(scope, self.loop.ambient))
        if type(payload.value) not in _SMALL and exceeds_limit(payload.text):
            raise too_large(state.name)
        return payload

    def render_variables(self, template: Template, scope: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """The values of an Assign; raises QueryFailure."""
        values = template.evaluate(scope, self.loop.ambient)
        assert isinstance(values, Mapping)
        return values
