"""The working parts of a test: an engine that stops where its one state is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translator.interpreter.context import timestamp_text
from translator.interpreter.engine import Engine
from translator.interpreter.frame import Frame
from translator.interpreter.loop import Loop
from translator.interpreter.payload import Payload
from translator.interpreter.states import State
from translator.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Left:
    """How the state was left; `target` is None where it ends its scope."""

    output: Payload
    assigned: Mapping[str, JsonValue]
    target: str | None


class TrialEngine(Engine):
    """`given` is the context object to show instead of the execution's own."""

    __slots__ = ("given", "left")

    def __init__(
        self, root: Frame, arn: str, shared_context: JsonObject, loop: Loop, given: JsonObject | None
    ) -> None:
        super().__init__(root, arn, shared_context, loop)
        self.given = given
        self.left: Left | None = None

    def context(self, frame: Frame) -> JsonObject:
        """The given one, with the item of the iteration that an ItemSelector is evaluated for."""
        if self.given is None:
            return super().context(frame)
        return self.given if frame.item is None else {**self.given, "Map": {"Item": frame.item}}

    def leave(
        self,
        frame: Frame,
        state: State,
        output: Payload,
        assigned: Mapping[str, JsonValue] | None,
        target: str | None,
    ) -> bool:
        """Note it, and go nowhere."""
        del frame, state
        self.left = Left(output, assigned or {}, target)
        return False


def shared_context(
    role_arn: str | None, data: JsonValue, arn: str, state_machine_arn: str, now: float
) -> dict[str, JsonValue]:
    """What the context object holds beside the state; recorded: as in an Express execution."""
    return {
        "Execution": {
            "Id": arn,
            "Input": data,
            "Name": arn.rpartition(":")[2],
            "RoleArn": role_arn,
            "StartTime": timestamp_text(now),
        },
        "StateMachine": {
            "Id": state_machine_arn,
            "Name": state_machine_arn.rpartition("stateMachine:")[2],
        },
    }
