"""Recorded tests of single states (TestState), run again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.interpreter.api_recordings import ask_api
from tests.interpreter.comparison import same
from tests.interpreter.verdict import Verdict
from translator.interpreter import Outcome, TaskFailed, TaskSucceeded
from translator.interpreter.trial import StateTest, Trial, read_subject

_NOW = 1_900_000_000.0
_ARN = "arn:aws:states:us-east-1:111111111111:{}:recorded"
_METADATA = "ResponseMetadata"


def judge_states(folder: Path) -> list[Verdict]:
    """Run every case."""
    cases = json.loads((folder / "conformance" / "aws_teststate.json").read_text())
    return [_judge(case) for case in cases]


def _judge(case: Mapping[str, Any]) -> Verdict:
    file, _, name = case["test"].partition("::")
    family = Path(file).stem.removeprefix("test_")
    expected = {key: value for key, value in case["response"].items() if key != _METADATA}
    try:
        ours = _run(case["request"], expected) if case["api"] == "TestState" else ask_api(case)
    except Exception as error:
        return Verdict(f"{name} {case['key']}", family, repr(error))
    ours = {**ours, **{key: "date" for key in ours if key.endswith("Date")}}
    problem = None if _same(ours, expected) else f"{ours} is not {expected}"
    return Verdict(f"{name} {case['key']}", family, problem)


def _same(ours: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    # How long the service itself took is not ours to repeat.
    free = {"billingDetails"}
    return ours.keys() == expected.keys() and all(
        key in free or same(ours[key], value) for key, value in expected.items()
    )


def _run(request: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    subject = read_subject(_value(request["definition"]), request.get("stateName"))
    if subject is None:
        raise LookupError(request["stateName"])
    trial = Trial(
        subject,
        _test(request),
        arn=_ARN.format("express") + ":test",
        state_machine_arn=_ARN.format("stateMachine"),
        now=_NOW,
        seed=0,
    )
    task = trial.start()
    if task is not None:
        trial.finish(task, _recorded(expected))
    return trial.result.to_json(request.get("inspectionLevel", "INFO"))


def _test(request: Mapping[str, Any]) -> StateTest:
    configuration = request.get("stateConfiguration") or {}
    context = request.get("context")
    return StateTest(
        input=_value(request.get("input", {})),
        variables=_value(request.get("variables")) or {},
        context=None if context is None else _value(context),
        role_arn=request.get("roleArn"),
        mock=_mock(request.get("mock")),
        retry_count=configuration.get("retrierRetryCount", 0),
        failed_iterations=configuration.get("mapIterationFailureCount"),
        reader_data=configuration.get("mapItemReaderData"),
    )


def _mock(mock: Mapping[str, Any] | None) -> Outcome | None:
    if mock is None:
        return None
    if "result" in mock:
        return TaskSucceeded(_value(mock["result"]))
    return TaskFailed(mock["errorOutput"].get("error"), mock["errorOutput"].get("cause"))


def _recorded(expected: Mapping[str, Any]) -> Outcome:
    """How a task ended that was not mocked."""
    if "error" in expected:
        return TaskFailed(expected["error"], expected.get("cause"))
    return TaskSucceeded(_value(expected.get("inspectionData", {}).get("result", expected["output"])))


def _value(given: Any) -> Any:
    """Parameters that are JSON texts, which the recorder left as text or parsed."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return given
