"""A reference interpreter of Amazon States Language: pure, deterministic, discrete-event."""

from translator.interpreter.child import Child
from translator.interpreter.execution import Execution
from translator.interpreter.failure import InvalidDefinition, NotRedrivable
from translator.interpreter.machine import StateMachine
from translator.interpreter.map_run import MapRun
from translator.interpreter.request import Outcome, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.virtual import TaskAnswer, lambda_answer, run_virtual

__all__ = [
    "Child",
    "Execution",
    "InvalidDefinition",
    "MapRun",
    "NotRedrivable",
    "Outcome",
    "StateMachine",
    "TaskAnswer",
    "TaskFailed",
    "TaskRequest",
    "TaskSucceeded",
    "lambda_answer",
    "run_virtual",
]
