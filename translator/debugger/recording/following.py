"""Keeps a repeated run to the recorded one: same values, same end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from translator.debugger.errors import NotAnsweredError
from translator.debugger.recording.recorded import Recorded
from translator.debugger.recording.visits import Visit, Visits
from translator.interpreter import Execution
from translator.interpreter.engine import Engine
from translator.interpreter.fork import Fork
from translator.interpreter.frame import Frame
from translator.interpreter.history import Event
from translator.interpreter.payload import Payload

_SLACK_SECONDS = 0.001


@dataclass
class Following:
    """What `$now()`, `$random()` and `$uuid()` gave then is put in the place of what they give now.

    `until` is the point from which on the run goes its own way; None: it follows to the end.
    """

    recorded: Recorded
    until: int | None = None
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By state the variables that had to be put right."""
    _visits: Visits = field(default_factory=Visits)
    _seen: int = 0

    def begin(self) -> None:
        """A new execution follows."""
        self._visits, self._seen = Visits(), 0

    def arrive(self, execution: Execution, point: int) -> None:
        """Puts right what the states that were left on the way to a point assigned."""
        events = execution.history_from(self._seen)
        self._seen += len(events)
        self._visits.read(events)
        if self.until is not None and point > self.until:
            return
        for event in events:
            visit = self._visits.by_event.get(event["id"])
            if visit is not None and event["type"].endswith("StateExited"):
                self._correct(execution.engine, visit, event)

    def _correct(self, engine: Engine, visit: Visit, event: Event) -> None:
        left = self.recorded.exits.get(visit)
        if left is None:
            return
        details = event["stateExitedEventDetails"]
        texts = details.get("assignedVariables") or {}
        wrong = {
            name: value
            for name, value in left.assigned.items()
            if name not in texts or json.loads(texts[name]) != value
        }
        frame = next((each for each in _frames(engine.root) if each.previous == event["id"]), None)
        if frame is None:
            return
        if wrong:
            frame.assign(wrong)
            self.corrected[visit.state] = tuple(sorted(wrong))
        if left.output is not None and json.loads(details["output"]) != left.output:
            frame.payload = Payload(left.output)

    def horizon(self) -> float | None:
        """The time behind which nothing was recorded, in epoch seconds; None where the end was."""
        is_open = self.recorded.status in {"RUNNING", "ABORTED"}
        return self.recorded.ended_at + _SLACK_SECONDS if is_open and self.until is None else None

    def pass_horizon(self, execution: Execution) -> None:
        """The run was stopped then; or nobody knows how it went on, which raises NotAnsweredError."""
        if self.recorded.status == "ABORTED":
            execution.stop(*self.recorded.failure, self.recorded.ended_at)
            return
        raise NotAnsweredError(
            "the recording ends here: the execution was still running", "fork, to go on from here"
        )


def _frames(frame: Frame) -> Iterator[Frame]:
    yield frame
    fork = frame.fork
    if isinstance(fork, Fork):
        for inner in fork.running():
            yield from _frames(inner)
