"""A reference interpreter of Amazon States Language in JSONata mode: pure, deterministic, discrete-event."""

from translator.interpreter.execution import Execution
from translator.interpreter.failure import InvalidDefinition
from translator.interpreter.machine import StateMachine
from translator.interpreter.request import Outcome, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.virtual import TaskAnswer, lambda_answer, run_virtual

__all__ = [
    "Execution",
    "InvalidDefinition",
    "Outcome",
    "StateMachine",
    "TaskAnswer",
    "TaskFailed",
    "TaskRequest",
    "TaskSucceeded",
    "lambda_answer",
    "run_virtual",
]
