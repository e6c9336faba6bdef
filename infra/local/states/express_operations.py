"""Executions of Express machines: started without a record, or started and waited for (API reference)."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.arn import machine_arn
from infra.local.states.engine import Engine
from infra.local.states.execution_operations import ExecutionOperations
from infra.local.states.included_data import includes_data, without_included
from infra.local.states.parameters import Parameters
from infra.local.states.record import Ended, Started
from infra.local.states.service_error import wrong_machine_type

_LONGEST_SECONDS: Final = 320.0
"""A little more than the five minutes that the execution itself may take."""
_MEMORY: Final = 64


@dataclass(frozen=True, slots=True)
class ExpressOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    executions: ExecutionOperations
    engine: Engine
    new_id: Callable[[], str]

    def start_sync(self, parameters: Parameters) -> dict[str, Any]:
        """StartSyncExecution. Raises StateMachineTypeNotSupported for a Standard machine."""
        started = self.executions.wanted(parameters, None)
        if not started.express:
            raise wrong_machine_type()
        ended: Future[Ended] = Future()
        self.engine.start_unrecorded(started, lambda _started, end: ended.set_result(end))
        answer = _answer(started, ended.result(_LONGEST_SECONDS))
        return answer if includes_data(parameters) else without_included(answer)


def _answer(started: Started, ended: Ended) -> dict[str, Any]:
    milliseconds = (ended.stopped_at - started.started_at) * 1000
    answer: dict[str, Any] = {
        "executionArn": started.arn,
        "stateMachineArn": machine_arn(started.machine),
        "name": started.name,
        "startDate": started.started_at,
        "stopDate": ended.stopped_at,
        "status": ended.status,
        "input": started.input,
        "inputDetails": {"included": True},
        # Recorded: also where there is no output.
        "outputDetails": {"included": True},
        "billingDetails": {
            "billedMemoryUsedInMB": _MEMORY,
            "billedDurationInMilliseconds": max(math.ceil(milliseconds / 100), 1) * 100,
        },
    }
    optional = {
        "traceHeader": started.trace_header,
        "error": ended.error,
        "cause": ended.cause,
        "output": ended.output,
    }
    return {**answer, **{name: value for name, value in optional.items() if value is not None}}
