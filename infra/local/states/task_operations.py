"""The API's operations with task tokens (Step Functions API reference)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.data import parse_data
from infra.local.states.engine import Engine
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError, invalid_value
from translator.interpreter import TaskFailed, TaskSucceeded
from translator.interpreter.failure import MAXIMUM_CAUSE_LENGTH, MAXIMUM_ERROR_LENGTH

_MAXIMUM_OUTPUT: Final = 262_144


@dataclass(frozen=True, slots=True)
class TaskOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    engine: Engine

    def succeed(self, parameters: Parameters) -> dict[str, Any]:
        """SendTaskSuccess. Raises InvalidToken, TaskTimedOut or InvalidOutput."""
        token, text = parameters.required("taskToken"), parameters.text("output")
        if len(text.encode()) > _MAXIMUM_OUTPUT:
            rule = f"Member must have length less than or equal to {_MAXIMUM_OUTPUT}"
            raise invalid_value("output", f"{text[:50]}…", rule)
        try:
            output = parse_data(text)
        except ValueError as error:
            raise ServiceError("InvalidOutput", f"Invalid Output: '{error}'") from error
        self.engine.answer(token, TaskSucceeded(output))
        return {}

    def fail(self, parameters: Parameters) -> dict[str, Any]:
        """SendTaskFailure. Raises InvalidToken or TaskTimedOut."""
        token = parameters.required("taskToken")
        error = parameters.optional("error", MAXIMUM_ERROR_LENGTH)
        cause = parameters.optional("cause", MAXIMUM_CAUSE_LENGTH)
        self.engine.answer(token, TaskFailed(error, cause))
        return {}

    def heartbeat(self, parameters: Parameters) -> dict[str, Any]:
        """SendTaskHeartbeat. Raises InvalidToken or TaskTimedOut."""
        self.engine.beat(parameters.required("taskToken"))
        return {}
