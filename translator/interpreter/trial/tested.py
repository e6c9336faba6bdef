"""What a test of one state is given, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.interpreter.failure import MAXIMUM_CAUSE_LENGTH, MAXIMUM_ERROR_LENGTH
from translator.interpreter.payload import Payload
from translator.interpreter.request import Outcome
from translator.interpreter.trial.engine import Left
from translator.interpreter.trial.handling import Handled
from translator.json_value import JsonObject, JsonValue

_INFO: Final = "INFO"


class ImpossibleTest(ValueError):  # noqa: N818 (no error of the state's)
    """The parameters of a test do not fit its state on this input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTest:
    """The parameters of a test beside its definition.

    `mock` ends a Task, Parallel or Map at once. `context`, where given, is the whole context object.
    `retry_count` says how often the state's matching Retry has been used, `failed_iterations` how many
    iterations of a Map have failed, `reader_data` is the text that its ItemReader reads.
    """

    input: JsonValue
    variables: Mapping[str, JsonValue] = field(default_factory=dict)
    context: JsonObject | None = None
    role_arn: str | None = None
    mock: Outcome | None = None
    retry_count: int = 0
    failed_iterations: int | None = None
    reader_data: str | None = None


@dataclass(frozen=True, slots=True)
class TestedState:
    """`status` is SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR; `output` is JSON text.

    `inspection` has the fields of the API's InspectionData, texts of JSON where they are data.
    """

    # pytest would take the class for a test.
    __test__ = False

    status: str
    output: str | None
    error: str | None
    cause: str | None
    next_state: str | None
    inspection: JsonObject

    def to_json(self, level: str) -> dict[str, JsonValue]:
        """The API's answer at an inspection level."""
        answer: dict[str, JsonValue] = {
            "output": self.output,
            "error": self.error,
            "cause": self.cause,
            "nextState": self.next_state,
            "status": self.status,
            "inspectionData": None if level == _INFO else self.inspection,
        }
        return {name: value for name, value in answer.items() if value is not None}


def tested(
    data: Payload, shown: Mapping[str, JsonValue], left: Left | None, handled: Handled | None
) -> TestedState:
    """The result of a state that was left, or failed, or both where its failure was caught."""
    inspection = {"input": data.text, **shown}
    if handled is None:
        status, error, cause = "SUCCEEDED", None, None
    else:
        status, error, cause = handled.status, handled.failure.error, handled.failure.cause
        inspection.update({"errorDetails": handled.details} if handled.details else {})
    return TestedState(
        status=status,
        output=None if left is None else left.output.text,
        error=error and error[:MAXIMUM_ERROR_LENGTH],
        cause=cause and cause[:MAXIMUM_CAUSE_LENGTH],
        next_state=None if left is None else left.target,
        inspection=inspection,
    )
