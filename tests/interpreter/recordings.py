"""Executions recorded on the real service: read them, and answer tasks as they were answered then."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interpreter.answers import Answers
from translator.interpreter import Execution, StateMachine, run_virtual

VARIABLE = "STEPLOOM_CORPORA"
_PLACEHOLDER = "MOCK:"
_ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:recorded"
_MASKED_TIME = re.compile('"<?timestamp')
_LATER = 1_900_000_000.0
"""Later than any recording: what waits until a recorded time need not wait."""


@dataclass(frozen=True)
class Recording:
    """One execution: what made it, and the events that the service wrote."""

    name: str
    family: str
    definition: Mapping[str, Any]
    input: Any
    events: Sequence[Mapping[str, Any]]
    jsonata: bool
    forks: bool


def corpora() -> Path | None:
    """The folder of the recordings, if the environment names one."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder and (Path(folder) / "conformance").is_dir() else None


def load_recordings(folder: Path) -> list[Recording]:
    """All recorded executions."""
    cases = json.loads((folder / "conformance" / "aws_histories.json").read_text())
    return [_recording(case) for case in cases]


def _recording(case: Mapping[str, Any]) -> Recording:
    return Recording(
        name=case["test"].rpartition("::")[2],
        family=case["test"].partition("/v2/")[2].partition("/")[0],
        definition=_filled(case["definition"]),
        input=_input(case),
        events=case["history"],
        jsonata=case["jsonata"],
        forks=bool({"Map", "Parallel", "DistributedMap"} & set(case["state_types"])),
    )


def _input(case: Mapping[str, Any]) -> Any:
    """The given input; the recorded one where it differs, except for masked times, which are none."""
    given = case["input"]
    recorded = case["history"][0]["executionStartedEventDetails"].get("input")
    if not case["input_matches_history"] and not _MASKED_TIME.search(json.dumps(recorded)):
        given = recorded
    value = json.loads(given) if isinstance(given, str) else given
    return {} if value is None else value


def _filled(value: Any) -> Any:
    """The definition with an ARN where the recorder left a placeholder for one."""
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return _ACTIVITY if isinstance(value, str) and value.startswith(_PLACEHOLDER) else value


def replay(recording: Recording) -> Execution:
    """Run the definition on virtual time; each task ends as it did in the recording."""
    arn = "arn:aws:states:us-east-1:111111111111:{}:replayed"
    execution = Execution(
        StateMachine.parse(recording.definition),
        input=recording.input,
        name="replayed",
        arn=arn.format("execution") + ":replayed",
        state_machine_arn=arn.format("stateMachine"),
        started_at=_LATER,
        seed=0,
        role_arn=recording.events[0]["executionStartedEventDetails"]["roleArn"],
    )
    run_virtual(execution, Answers(recording.events, recording.definition, execution).answer)
    return execution
