"""Reads a request for a test of a state and refuses what does not fit together, as the service does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.data import parse_data
from infra.local.states.definitions import invalid_definition, parse_object
from infra.local.states.integration import Integrations
from infra.local.states.mock_shape import NONE, PRESENT, STRICT, check_result, invalid
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError, invalid_value
from translator.interpreter import InvalidDefinition, Outcome, TaskFailed, TaskSucceeded
from translator.interpreter.failure import MAXIMUM_CAUSE_LENGTH, MAXIMUM_ERROR_LENGTH
from translator.interpreter.resource import Family, Pattern
from translator.interpreter.states import MapState, ParallelState, State, TaskState
from translator.interpreter.trial import StateTest, Subject, read_subject

_LEVELS: Final = ("INFO", "DEBUG", "TRACE")
_MODES: Final = (STRICT, PRESENT, NONE)
_MOST: Final = 262_144
_NAME: Final = 80
_WITHOUT_MOCK: Final = (
    "TestState API does not support Map or Parallel states. "
    "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
)


@dataclass(frozen=True, slots=True)
class StateTestRequest:
    """A request that fits together."""

    subject: Subject
    test: StateTest
    level: str
    reveal_secrets: bool


def read_request(parameters: Parameters, integrations: Integrations) -> StateTestRequest:
    """The request. Raises ServiceError."""
    level = parameters.choice("inspectionLevel", _LEVELS, "INFO")
    subject = _subject(parameters)
    mock = _mock(parameters)
    _check_kind(subject.state, mocked=mock is not None, reveal=parameters.flag("revealSecrets"))
    role = parameters.text("roleArn") or None
    if isinstance(subject.state, TaskState) and mock is None and role is None:
        raise invalid("RoleArn must be specified when testing a Task state")
    if isinstance(mock, TaskSucceeded):
        _check_result(subject, mock.value, _mode(parameters), integrations)
    if parameters.has("context") and mock is None:
        raise invalid("Context can only be specified when a mock is specified")
    configuration = parameters.object("stateConfiguration")
    if configuration.has("mapIterationFailureCount") and mock is None:
        raise invalid("MapIterationFailureCount can only be specified when a mock is specified")
    test = StateTest(
        input=_json(parameters, "input", {}),
        variables=_object(parameters, "variables") or {},
        context=_object(parameters, "context"),
        role_arn=role,
        mock=mock,
        retry_count=configuration.count("retrierRetryCount") or 0,
        failed_iterations=configuration.count("mapIterationFailureCount"),
        reader_data=configuration.optional("mapItemReaderData", _MOST),
    )
    return StateTestRequest(subject, test, level, parameters.flag("revealSecrets"))


def _subject(parameters: Parameters) -> Subject:
    name = parameters.optional("stateName", _NAME)
    try:
        subject = read_subject(parse_object(parameters.required("definition")), name)
    except InvalidDefinition as error:
        raise invalid_definition(str(error)) from error
    if subject is None:
        raise invalid("State not found in definition")
    return subject


def _mock(parameters: Parameters) -> Outcome | None:
    if not parameters.has("mock"):
        return None
    mock = parameters.object("mock")
    if mock.has("result") and mock.has("errorOutput"):
        raise invalid("A test mock should have only one of the following fields: [result, errorOutput].")
    if mock.has("errorOutput"):
        failure = mock.object("errorOutput")
        return TaskFailed(
            failure.optional("error", MAXIMUM_ERROR_LENGTH), failure.optional("cause", MAXIMUM_CAUSE_LENGTH)
        )
    if not mock.has("result"):
        raise invalid("A test mock should have one of the following fields: [result, errorOutput].")
    try:
        return TaskSucceeded(parse_data(mock.optional("result", _MOST) or ""))
    except ValueError as error:
        raise invalid("Mocked result must be valid JSON") from error


def _mode(parameters: Parameters) -> str:
    return parameters.object("mock").choice("fieldValidationMode", _MODES, STRICT)


def _check_kind(state: State, *, mocked: bool, reveal: bool) -> None:
    """What can be tested with a mock, and what only with one."""
    forks = isinstance(state, MapState | ParallelState)
    if not mocked:
        if forks:
            raise invalid_definition(_WITHOUT_MOCK, quoted=False)
        if isinstance(state, TaskState) and _ends_later(state):
            message = f"TestState API does not support the resource '{state.resource.arn}' without a mock"
            raise invalid_definition(message, quoted=False)
        return
    if not forks and not isinstance(state, TaskState):
        raise invalid(f"State type '{state.kind}' is not supported when a mock is specified")
    if reveal:
        raise invalid("TestState does not support RevealSecrets when a mock is specified.")


def _ends_later(state: TaskState) -> bool:
    resource = state.resource
    return resource.family is Family.ACTIVITY or resource.pattern is not Pattern.REQUEST_RESPONSE


def _check_result(subject: Subject, value: Any, mode: str, integrations: Integrations) -> None:
    state = subject.state
    if isinstance(state, MapState | ParallelState):
        _check_results(state, value, written=subject.writes_results)
    elif isinstance(state, TaskState) and mode != NONE:
        shape = integrations.answer_shape(state.resource)
        if shape is not None:
            check_result(value, shape, mode)


def _check_results(state: MapState | ParallelState, value: Any, *, written: bool) -> None:
    if written:
        if not isinstance(value, Mapping):
            raise invalid("Mocked result must be a JSON object.")
        return
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise invalid("Mocked result must be an array.")
    if isinstance(state, ParallelState) and len(value) != len(state.branches):
        raise invalid("Mocked result must have the same number of elements as the state has branches.")


def _json(parameters: Parameters, name: str, default: Any) -> Any:
    text = parameters.text(name)
    if not text:
        return default
    if len(text.encode()) > _MOST:
        rule = f"Member must have length less than or equal to {_MOST}"
        raise invalid_value(name, f"{text[:50]}…", rule)
    try:
        return parse_data(text)
    except ValueError as error:
        if name == "input":
            raise ServiceError(
                "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'"
            ) from error
        raise invalid(f"Invalid {name}: '{error}'") from error


def _object(parameters: Parameters, name: str) -> Any:
    value = _json(parameters, name, None)
    if value is not None and not isinstance(value, Mapping):
        raise invalid(f"Invalid {name}: it must be a JSON object")
    return value
