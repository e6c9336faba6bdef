"""Where the control stands in one scope: the machine's, a branch's or an iteration's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from translator.interpreter.payload import Payload
from translator.interpreter.states import Scope, State
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.fork import Fork
    from translator.interpreter.map_run import MapRun


class Frame:
    """One visit of a scope.

    `previous` is the id of the last event in this line of control, `before` the one before the state was
    entered; `entered_id` is 0 until it is. `turn` changes whenever the frame stops waiting for something.
    `fork` runs under the frame; `stopped` did when its state failed or was aborted.
    """

    __slots__ = (
        "attempts",
        "before",
        "entered_at",
        "entered_id",
        "fork",
        "held",
        "index",
        "item",
        "open",
        "parent",
        "payload",
        "previous",
        "retry_count",
        "scope",
        "state",
        "stopped",
        "token",
        "turn",
        "variables",
    )

    def __init__(
        self,
        scope: Scope,
        payload: Payload,
        variables: Mapping[str, JsonValue],
        previous: int,
        parent: Fork | None = None,
        index: int = 0,
    ) -> None:
        self.scope = scope
        self.state: State = scope.states[scope.start]
        self.payload = payload
        self.variables = variables
        self.previous = previous
        self.before = previous
        self.parent = parent
        self.index = index
        self.item: Mapping[str, JsonValue] | None = None
        self.fork: Fork | MapRun | None = None
        self.stopped: Fork | MapRun | None = None
        self.entered_id = 0
        self.entered_at = 0.0
        self.retry_count = 0
        self.attempts: list[int] | None = None
        self.token: str | None = None
        self.turn = 0
        self.open = True
        self.held: dict[str, int] | None = None

    def enter(self, identifier: int, now: float) -> None:
        """Note that the state was entered with the event `identifier`."""
        self.before = self.previous
        self.previous = identifier
        self.entered_id = identifier
        self.entered_at = now
        self.retry_count = 0
        self.attempts = None
        self.token = None

    def assign(self, values: Mapping[str, JsonValue]) -> None:
        """Set variables; the old mapping stays as it was for whoever still reads it."""
        self.variables = {**self.variables, **values}

    def go(self, target: str, payload: Payload) -> None:
        """Stand before the state `target`."""
        self.turn += 1
        self.entered_id = 0
        self.stopped = None
        self.state = self.scope.states[target]
        self.payload = payload

    def close(self) -> None:
        """End the visit, and everything under it."""
        self.open = False
        self.turn += 1

    def stop_fork(self) -> Fork | MapRun | None:
        """What ran under the frame runs no more; a redrive finds it in `stopped`."""
        fork, self.fork = self.fork, None
        self.stopped = fork or self.stopped
        return fork

    def reopen(self) -> Fork | MapRun | None:
        """Stand again before or in the state, with all attempts; gives what had been stopped under it."""
        self.open = True
        self.turn += 1
        self.retry_count = 0
        self.attempts = None
        self.token = None
        stopped, self.stopped = self.stopped, None
        return stopped

    def map_item(self) -> Mapping[str, Any] | None:
        """The innermost item that this frame works on."""
        frame: Frame | None = self
        while frame is not None:
            if frame.item is not None:
                return frame.item
            frame = frame.parent.owner if frame.parent is not None else None
        return None


def close_all(frames: Iterable[Frame]) -> None:
    """Close frames with all that runs under them."""
    for frame in frames:
        if not frame.open:
            continue
        frame.close()
        fork = frame.stop_fork()
        if fork is not None:
            fork.close()
