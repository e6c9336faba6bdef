"""Executions recorded on the real service: read them, and answer tasks as they were answered then."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

VARIABLE = "STEPLOOM_CORPORA"
_ENDS = ("Succeeded", "Failed", "TimedOut")
_FAMILIES = ("Task", "LambdaFunction", "Activity")


@dataclass(frozen=True)
class Recording:
    """One execution: what made it, and the events that the service wrote."""

    name: str
    definition: Mapping[str, Any]
    input: Any
    events: Sequence[Mapping[str, Any]]
    jsonata: bool
    forks: bool


def corpora() -> Path | None:
    """The folder of the recordings, if the environment names one."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


def load_recordings(folder: Path) -> list[Recording]:
    """All recorded executions."""
    cases = json.loads((folder / "conformance" / "aws_histories.json").read_text())
    return [_recording(case) for case in cases]


def _recording(case: Mapping[str, Any]) -> Recording:
    given = case["input"]
    value = json.loads(given) if isinstance(given, str) else given
    return Recording(
        name=case["test"].rpartition("::")[2],
        definition=case["definition"],
        input={} if value is None else value,
        events=case["history"],
        jsonata=case["jsonata"],
        forks=bool({"Map", "Parallel", "DistributedMap"} & set(case["state_types"])),
    )


def replay(recording: Recording) -> Execution:
    """Run the definition on virtual time; each task ends as it did in the recording."""
    arn = "arn:aws:states:us-east-1:111111111111:{}:replayed"
    execution = Execution(
        StateMachine.parse(recording.definition),
        input=recording.input,
        name="replayed",
        arn=arn.format("execution") + ":replayed",
        state_machine_arn=arn.format("stateMachine"),
        started_at=1_700_000_000.0,
        seed=0,
    )
    answers = deque(event for event in recording.events if _ends_task(event["type"]))
    submissions = deque(event for event in recording.events if event["type"] == "TaskSubmitted")

    def answer(request: TaskRequest) -> TaskAnswer:
        if submissions and request.kind.pattern.value:
            output = submissions.popleft()["taskSubmittedEventDetails"]["output"]
            execution.submitted(request.id, _value(output), execution.now)
        return _answer(answers.popleft())

    run_virtual(execution, answer)
    return execution


def _ends_task(kind: str) -> bool:
    return any(kind == f"{family}{end}" for family in _FAMILIES for end in _ENDS)


def _answer(event: Mapping[str, Any]) -> TaskAnswer:
    kind: str = event["type"]
    details: Mapping[str, Any] = event[f"{kind[:1].lower()}{kind[1:]}EventDetails"]
    if kind.endswith("TimedOut"):
        return TaskAnswer(None)
    if kind.endswith("Failed"):
        cause = details.get("cause")
        text = cause if cause is None or isinstance(cause, str) else json.dumps(cause, separators=(",", ":"))
        return TaskAnswer(TaskFailed(details.get("error"), text), 0.5)
    return TaskAnswer(TaskSucceeded(_value(details["output"])), 0.5)


def _value(recorded: Any) -> Any:
    """A payload, which the recorder left as text or parsed."""
    if not isinstance(recorded, str):
        return recorded
    try:
        return json.loads(recorded)
    except ValueError:
        return recorded
