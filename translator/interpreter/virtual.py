"""Drive an execution to its end on virtual time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from translator.interpreter.execution import Execution
from translator.interpreter.request import Outcome, TaskRequest, TaskSucceeded
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """How a task ends, and how many virtual seconds after it was asked for; `outcome` None never ends."""

    outcome: Outcome | None
    seconds: float = 0.0


def lambda_answer(payload: JsonValue, seconds: float = 0.0) -> TaskAnswer:
    """The answer of `lambda:invoke` where the function returned `payload`."""
    return TaskAnswer(
        TaskSucceeded({"ExecutedVersion": "$LATEST", "Payload": payload, "StatusCode": 200}), seconds
    )


def run_virtual(execution: Execution, answer: Callable[[TaskRequest], TaskAnswer]) -> None:
    """Start the execution if need be and go from event to event; no real time passes.

    A task that `answer` never ends and that has no timeout ends with the execution, after its year.
    """
    answers: list[tuple[float, int, str, Outcome]] = []
    count = 0
    requests = execution.start() if not execution.history_length else execution.open_requests
    while execution.status == "RUNNING":
        for request in requests:
            given = answer(request)
            if given.outcome is None:
                continue
            count += 1
            heapq.heappush(answers, (execution.now + given.seconds, count, request.id, given.outcome))
        timer = execution.next_timer()
        if answers and (timer is None or answers[0][0] <= timer):
            due, _, identifier, outcome = heapq.heappop(answers)
            requests = execution.complete(identifier, outcome, due)
        elif timer is not None:
            requests = execution.advance(timer)
