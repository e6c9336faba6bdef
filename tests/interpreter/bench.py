"""Print how fast the interpreter is: python -m tests.interpreter.bench."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.bench.figure import Figure
from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskRequest,
    lambda_answer,
    run_virtual,
)
from translator.json_value import JsonValue

_CHAIN = 1_000
_ITEMS = 1_000


def _best(action: Callable[[], object], repeats: int = 5) -> float:
    """The shortest of some runs, in seconds of a processor."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return min(times)


def _execute(machine: StateMachine, data: JsonValue, answer: Callable[[TaskRequest], TaskAnswer]) -> None:
    execution = Execution(
        machine,
        input=data,
        name="bench",
        arn="arn:aws:states:eu-west-1:111122223333:execution:bench:bench",
        state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:bench",
        started_at=1_700_000_000.0,
        seed=1,
    )
    run_virtual(execution, answer)
    assert execution.status == "SUCCEEDED", execution.cause


def _chain() -> dict[str, Any]:
    states: dict[str, Any] = {"Start": {"Type": "Pass", "Assign": {"x": 0}, "Next": "S0"}}
    for index in range(_CHAIN):
        target = {"Next": f"S{index + 1}"} if index < _CHAIN - 1 else {"End": True}
        states[f"S{index}"] = {"Type": "Pass", "Assign": {"x": f"{{% $x + {index} %}}"}, **target}
    return {"QueryLanguage": "JSONata", "StartAt": "Start", "States": states}


def _map() -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f", "Payload": "{% $states.input %}"},
        "Output": "{% $states.result.Payload %}",
        "End": True,
    }
    state = {"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {"T": task}}, "End": True}
    return {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": state}}


def figures() -> Iterator[Figure]:
    """Preparation, simple states per second on one core, and a Map of Lambda tasks that take no time."""
    begin = time.process_time()
    chain = StateMachine.parse(_chain())
    # Once only: a second time the expressions would come out of the cache.
    microseconds = (time.process_time() - begin) / _CHAIN * 1e6
    yield Figure("preparation per state, microseconds", microseconds, digits=0)
    tasks = StateMachine.parse(_map())
    items = list(range(_ITEMS))
    seconds = _best(lambda: _execute(chain, None, lambda _request: lambda_answer(None)))
    yield Figure("simple JSONata states per second", _CHAIN / seconds, 30_000, "at least", 0)
    seconds = _best(lambda: _execute(tasks, items, lambda _request: lambda_answer(None, 0.1)))
    yield Figure(f"map of {_ITEMS:,} Lambda tasks, seconds", seconds, 0.5, "below")


def main() -> None:
    """Print the figures."""
    for figure in figures():
        print(figure.to_line())  # noqa: T201


if __name__ == "__main__":
    main()
