"""A state machine, parsed once and run any number of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from translator.interpreter.failure import InvalidDefinition
from translator.interpreter.parse import parse_scope
from translator.interpreter.read import DURATION, Reader
from translator.interpreter.resource import Family, Pattern
from translator.interpreter.states import MapState, ParallelState, Scope, State, TaskState
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A definition that holds together; `timeout_seconds` is the machine's own, if it has one."""

    scope: Scope
    timeout_seconds: float | None

    @classmethod
    def parse(cls, definition: Mapping[str, JsonValue]) -> StateMachine:
        """Prepare an ASL definition in JSONata mode; raises InvalidDefinition as CreateStateMachine does."""
        try:
            return cls._parse(Reader(definition, ""))
        except RecursionError as error:
            raise InvalidDefinition(
                "SCHEMA_VALIDATION_FAILED: The definition is nested too deeply", "/"
            ) from error

    @classmethod
    def _parse(cls, reader: Reader) -> StateMachine:
        reader.only("Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage")
        timeout = reader.number("TimeoutSeconds", DURATION)
        language = reader.text("QueryLanguage") or "JSONPath"
        scope = parse_scope(reader, language, frozenset())
        _refuse_repeated_names(scope)
        return cls(scope, timeout)

    def refuse_for_express(self) -> None:
        """Raise InvalidDefinition where the machine has what an Express machine cannot have."""
        for state in _states(self.scope):
            resource = state.resource if isinstance(state, TaskState) else None
            later = resource is not None and resource.pattern is not Pattern.REQUEST_RESPONSE
            if resource is not None and (later or resource.family is Family.ACTIVITY):
                raise InvalidDefinition(
                    f"SCHEMA_VALIDATION_FAILED: Express state machine does not support '{resource.arn}'",
                    f"/States/{state.name}/Resource",
                )
            if isinstance(state, MapState) and state.distribution is not None:
                raise InvalidDefinition(
                    "SCHEMA_VALIDATION_FAILED: Express state machine does not support a distributed Map",
                    f"/States/{state.name}/ItemProcessor/ProcessorConfig",
                )


def _refuse_repeated_names(scope: Scope) -> None:
    """AWS: the name of a state is unique in the whole machine."""
    for name, count in Counter(state.name for state in _states(scope)).items():
        if count > 1:
            raise InvalidDefinition(
                f"DUPLICATE_STATE_NAME: The name '{name}' occurs {count} times", "/States"
            )


def _states(scope: Scope) -> Iterator[State]:
    yield from scope.states.values()
    for state in scope.states.values():
        inner = state.branches if isinstance(state, ParallelState) else ()
        inner += (state.processor,) if isinstance(state, MapState) else ()
        for part in inner:
            yield from _states(part)
