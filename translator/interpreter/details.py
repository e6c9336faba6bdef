"""The details of each type of event, as GetExecutionHistory names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from translator.interpreter.payload import Payload, encode
from translator.json_value import JsonValue

_COMPLETE: Final[Mapping[str, Any]] = {"truncated": False}

Details = Mapping[str, Any]


def execution_started(payload: Payload, role_arn: str) -> Details:
    """Of ExecutionStarted."""
    return {
        "executionStartedEventDetails": {
            "input": payload.text,
            "inputDetails": _COMPLETE,
            "roleArn": role_arn,
        }
    }


def execution_succeeded(payload: Payload) -> Details:
    """Of ExecutionSucceeded."""
    return {"executionSucceededEventDetails": {"output": payload.text, "outputDetails": _COMPLETE}}


def failed(key: str, error: str | None, cause: str | None, more: Details | None = None) -> Details:
    """Of any event with an error and a cause, both left out where there is none."""
    fields = {**(more or {}), "error": error, "cause": cause}
    return {key: {name: value for name, value in fields.items() if value is not None}}


def state_entered(name: str, payload: Payload) -> Details:
    """Of …StateEntered."""
    return {"stateEnteredEventDetails": {"name": name, "input": payload.text, "inputDetails": _COMPLETE}}


def state_exited(name: str, payload: Payload, assigned: Mapping[str, JsonValue] | None) -> Details:
    """Of …StateExited."""
    fields: dict[str, Any] = {"name": name, "output": payload.text, "outputDetails": _COMPLETE}
    if assigned:
        fields["assignedVariables"] = {key: encode(assigned[key]) for key in sorted(assigned)}
        fields["assignedVariablesDetails"] = _COMPLETE
    return {"stateExitedEventDetails": fields}


def evaluation_failed(cause: str, location: str | None, state: str) -> Details:
    """Of EvaluationFailed."""
    fields = {"cause": cause, "error": "States.QueryEvaluationError", "location": location, "state": state}
    return {"evaluationFailedEventDetails": {key: text for key, text in fields.items() if text is not None}}


def map_started(length: int) -> Details:
    """Of MapStateStarted."""
    return {"mapStateStartedEventDetails": {"length": length}}


def map_run_started(arn: str) -> Details:
    """Of MapRunStarted."""
    return {"mapRunStartedEventDetails": {"mapRunArn": arn}}


def redriven(count: int) -> Details:
    """Of ExecutionRedriven."""
    return {"executionRedrivenEventDetails": {"redriveCount": count}}


def map_run_redriven(arn: str, count: int) -> Details:
    """Of MapRunRedriven."""
    return {"mapRunRedrivenEventDetails": {"mapRunArn": arn, "redriveCount": count}}


def iteration(key: str, name: str, index: int) -> Details:
    """Of MapIterationStarted, …Succeeded, …Failed and …Aborted."""
    return {key: {"name": name, "index": index}}


def fields(key: str, **values: Any) -> Details:
    """Of the events of tasks: what is None is left out, a Payload stands as its text."""
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if value is None:
            continue
        shown[name] = value.text if isinstance(value, Payload) else value
        if isinstance(value, Payload) and name in ("input", "output"):
            shown[f"{name}Details"] = _COMPLETE
    return {key: shown}
