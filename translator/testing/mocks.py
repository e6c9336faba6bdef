"""Answers the Task states of a test run: mocked nodes as the case says, functions for real."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from translator.chain import Failed, Timing, run_chain
from translator.definition.model import MockAnswer
from translator.error_classes import NodeError
from translator.interpreter import (
    Execution,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)
from translator.json_value import JsonValue
from translator.testing.iterations import answers_in, iteration_of
from translator.testing.large_values import AS_THEY_ARE, LargeValues
from translator.testing.object_calls import object_call
from translator.testing.starts import Machines, Start, no_machines, other_execution, start_of

Work = Callable[[Mapping[str, Any]], Mapping[str, JsonValue]]
"""Does a node's work: from the payload of its Task state to `{"output": …}`; raises a NodeError."""

RUN_FOR_REAL: Final = frozenset({"function", "respond"})
"""Node types whose work reaches nobody outside, so that a test without a mock runs it."""
OF_THE_MACHINE: Final = frozenset({"evaluate", "items", "gather", "start"})
"""Fields of a payload whose work is neither a node's nor outside: it is done for real, too."""
NOT_MOCKED: Final = "Steploom.NotMocked"
"""What a node that would reach the outside fails with; no retry and no error edge matches it."""

SEED: Final = 1
MOST_NESTED: Final = 20


@dataclass(slots=True)
class MockedTasks:
    """Answers task requests, counts the attempts of each node, and keeps what should not have happened."""

    mocks: Mapping[str, MockAnswer | tuple[MockAnswer, ...]]
    work: Work
    machines: Machines = no_machines
    """The project's other workflows: a node that starts one without a mock really does."""
    clock: Callable[[], float] = lambda: 0.0
    """The virtual time, in epoch seconds."""
    values: LargeValues = AS_THEY_ARE
    live: bool = False
    """Whether nodes without a mock really do what they would."""
    depth: int = 0
    """How many runs are around this one."""
    problems: list[str] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: TaskRequest) -> TaskAnswer:
        """The answer to one attempt of a node."""
        start = start_of(request)
        if start is not None:
            mock = self._next_mock({"node": start.node, "node_key": start.key})
            return self._start(start) if mock is None else _mocked_run(start, mock)
        if request.kind.kind == "s3":
            return TaskAnswer(object_call(request, self.values.objects))
        payload = payload_of(request)
        return self._chain(payload) if "chain" in payload else self._attempt(payload)

    def _attempt(self, payload: Mapping[str, Any]) -> TaskAnswer:
        is_of_machine = not OF_THE_MACHINE.isdisjoint(payload)
        mock = None if is_of_machine else self._next_mock(payload)
        if mock is not None:
            return self._mocked(payload, mock)
        if self.live or payload["type"] in RUN_FOR_REAL or is_of_machine:
            return TaskAnswer(outcome_of(self.work, payload))
        return self._refuse(payload)

    def _chain(self, payload: Mapping[str, Any]) -> TaskAnswer:
        """The answer of several nodes in one invocation, and the virtual time that it takes."""
        passed = [0.0]

        def attempt(link: Mapping[str, Any]) -> Mapping[str, JsonValue] | Failed:
            answer = self._attempt({**payload, **link})
            passed[0] += answer.seconds
            if isinstance(answer.outcome, TaskFailed):
                return Failed(str(answer.outcome.error), message_of(answer.outcome.cause))
            assert answer.outcome is not None, "mocked work does not wait for a task token"
            return payload_of_answer(answer.outcome)

        timing = Timing(lambda: passed[0], lambda seconds: passed.append(passed.pop() + seconds))
        ran = run_chain(payload["chain"], attempt, timing)
        if isinstance(ran, Failed):
            failed = TaskFailed(ran.error, lambda_cause(ran.error, ran.message))
            return TaskAnswer(failed, passed[0])
        return TaskAnswer(TaskSucceeded(_lambda_answer(ran)), passed[0])

    def _next_mock(self, payload: Mapping[str, Any]) -> MockAnswer | None:
        node, key = payload["node"], payload["node_key"]
        mock = self.mocks.get(node, ())
        answers, wrong = answers_in(mock if isinstance(mock, tuple) else (mock,), iteration_of(node, key))
        if wrong is not None:
            self._tell_once(f'node "{node}" is in {wrong}')
        if not answers:
            return None
        attempt = self.attempts.get(key, 0)
        self.attempts[key] = attempt + 1
        return answers[min(attempt, len(answers) - 1)]

    def _tell_once(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _refuse(self, payload: Mapping[str, Any]) -> TaskAnswer:
        problem = f'node "{payload["node"]}" would {_deed(payload)}: give it a mock under "mocks"'
        self.problems.append(problem)
        return TaskAnswer(TaskFailed(NOT_MOCKED, problem))

    def _mocked(self, payload: Mapping[str, Any], mock: MockAnswer) -> TaskAnswer:
        if mock.error is not None:
            return _failed(mock, mock.error)
        outcome = outcome_of(lambda given: {"output": self.values.output(given, mock.output)}, payload)
        return TaskAnswer(outcome, mock.seconds)

    def _start(self, start: Start) -> TaskAnswer:
        machine = self.machines(start.workflow)
        if machine is None:
            problem = f'node "{start.node}" would run "{start.workflow}": give it a mock under "mocks"'
        elif self.depth == MOST_NESTED:
            problem = f'"{start.workflow}" would be run {MOST_NESTED + 1} times within one another'
        else:
            return self._run(start, other_execution(start, machine, self.clock(), SEED))
        self.problems.append(problem)
        return TaskAnswer(TaskFailed(NOT_MOCKED, problem))

    def _run(self, start: Start, execution: Execution) -> TaskAnswer:
        inner = replace(self, mocks={}, clock=lambda: execution.now, depth=self.depth + 1)
        inner.problems, inner.attempts = [], {}
        began = execution.now
        run_virtual(execution, inner)
        self.problems += [f'in the run of "{start.workflow}": {problem}' for problem in inner.problems]
        if not start.waits:
            return TaskAnswer(start.begun())
        return TaskAnswer(start.ended(execution), execution.now - began)


def _mocked_run(start: Start, mock: MockAnswer) -> TaskAnswer:
    if mock.error is None:
        return TaskAnswer(start.succeeded(mock.output), mock.seconds)
    return TaskAnswer(start.failed(mock.error, mock.cause), mock.seconds)


def payload_of(request: TaskRequest) -> Mapping[str, Any]:
    """The payload that a node's Task state sends to the function that runs nodes."""
    arguments = request.arguments
    payload = arguments.get("Payload") if isinstance(arguments, Mapping) else None
    if not isinstance(payload, Mapping):
        raise TypeError(f"state {request.state_name!r} calls {request.resource} without a node's payload")
    return payload


def payload_of_answer(answer: TaskSucceeded) -> Mapping[str, JsonValue]:
    """What a function gave, out of what the service makes of it."""
    result = answer.value
    payload = result.get("Payload") if isinstance(result, Mapping) else None
    assert isinstance(payload, Mapping)
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


def _failed(mock: MockAnswer, error: str) -> TaskAnswer:
    # The service's own errors have a plain Cause, a function's exception comes as Lambda's JSON.
    own = error.startswith(("States.", "Lambda.", "Sandbox.", "Runtime."))
    cause = mock.cause if own else lambda_cause(error, mock.cause)
    return TaskAnswer(TaskFailed(error, cause), mock.seconds)


def _lambda_answer(payload: Mapping[str, JsonValue]) -> JsonValue:
    return {"ExecutedVersion": "$LATEST", "Payload": payload, "StatusCode": 200}


def _deed(payload: Mapping[str, Any]) -> str:
    parameters = payload.get("parameters") or {}
    if payload["type"] == "http_request":
        return f"call {parameters.get('method', 'GET')} {parameters.get('url')}"
    return f"do the work of a {payload['type']}"
