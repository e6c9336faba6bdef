"""Answers the Task states of a test run: mocked nodes as the case says, functions for real."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from translator.definition.model import MockAnswer
from translator.error_classes import NodeError
from translator.interpreter import TaskAnswer, TaskFailed, TaskRequest, TaskSucceeded
from translator.json_value import JsonValue

Work = Callable[[Mapping[str, Any]], Mapping[str, JsonValue]]
"""Does a node's work: from the payload of its Task state to `{"output": …}`; raises a NodeError."""

RUN_FOR_REAL: Final = frozenset({"function"})
"""Node types whose work is the project's own code, so that a test without a mock runs it."""
NOT_MOCKED: Final = "Steploom.NotMocked"
"""What a node that would reach the outside fails with; no retry and no error edge matches it."""


@dataclass(slots=True)
class MockedTasks:
    """Answers task requests, counts the attempts of each node, and keeps what should not have happened."""

    mocks: Mapping[str, MockAnswer | tuple[MockAnswer, ...]]
    work: Work
    problems: list[str] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: TaskRequest) -> TaskAnswer:
        """The answer to one attempt of a node."""
        payload = payload_of(request)
        mock = self._next_mock(payload)
        if mock is not None:
            return _mocked(mock)
        if payload["type"] in RUN_FOR_REAL or "evaluate" in payload:
            return TaskAnswer(outcome_of(self.work, payload))
        return self._refuse(payload)

    def _next_mock(self, payload: Mapping[str, Any]) -> MockAnswer | None:
        mock = self.mocks.get(payload["node"])
        if not isinstance(mock, tuple):
            return mock
        attempt = self.attempts.get(payload["node_key"], 0)
        self.attempts[payload["node_key"]] = attempt + 1
        return mock[min(attempt, len(mock) - 1)]

    def _refuse(self, payload: Mapping[str, Any]) -> TaskAnswer:
        problem = f'node "{payload["node"]}" would {_deed(payload)}: give it a mock under "mocks"'
        self.problems.append(problem)
        return TaskAnswer(TaskFailed(NOT_MOCKED, problem))


def payload_of(request: TaskRequest) -> Mapping[str, Any]:
    """The payload that a node's Task state sends to the function that runs nodes."""
    arguments = request.arguments
    payload = arguments.get("Payload") if isinstance(arguments, Mapping) else None
    if not isinstance(payload, Mapping):
        raise TypeError(f"state {request.state_name!r} calls {request.resource} without a node's payload")
    return payload


def outcome_of(work: Work, payload: Mapping[str, Any]) -> TaskSucceeded | TaskFailed:
    """How the service sees a node's work end (AWS: Lambda's own answer and error form)."""
    try:
        return TaskSucceeded(_lambda_answer(work(payload)))
    except NodeError as error:
        return TaskFailed(type(error).__name__, lambda_cause(type(error).__name__, str(error)))


def lambda_cause(error: str, message: str) -> str:
    """The Cause that Step Functions makes of an exception in a Python function."""
    return json.dumps({"errorMessage": message, "errorType": error, "requestId": "", "stackTrace": []})


def message_of(cause: str | None) -> str:
    """What a Cause says: the message in Lambda's JSON, or the text as it is."""
    try:
        document = json.loads(cause or "")
    except ValueError:
        return cause or ""
    message = document.get("errorMessage") if isinstance(document, dict) else None
    return message if isinstance(message, str) else cause or ""


def _mocked(mock: MockAnswer) -> TaskAnswer:
    if mock.error is None:
        return TaskAnswer(TaskSucceeded(_lambda_answer({"output": mock.output})), mock.seconds)
    # The service's own errors have a plain Cause, a function's exception comes as Lambda's JSON.
    own = mock.error.startswith(("States.", "Lambda.", "Sandbox.", "Runtime."))
    cause = mock.cause if own else lambda_cause(mock.error, mock.cause)
    return TaskAnswer(TaskFailed(mock.error, cause), mock.seconds)


def _lambda_answer(payload: Mapping[str, JsonValue]) -> JsonValue:
    return {"ExecutedVersion": "$LATEST", "Payload": payload, "StatusCode": 200}


def _deed(payload: Mapping[str, Any]) -> str:
    parameters = payload.get("parameters") or {}
    if payload["type"] == "http_request":
        return f"call {parameters.get('method', 'GET')} {parameters.get('url')}"
    return f"do the work of a {payload['type']}"
