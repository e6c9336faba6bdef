"""The timeline of an execution that was redriven: Tasks go on that its history does not enter again."""

from __future__ import annotations

from typing import Any

import yaml

from layers.runtime.timeline import NodeRun, build_timeline
from translator.compiler import compile_text
from translator.interpreter import Execution, StateMachine, TaskFailed, TaskRequest, TaskSucceeded

STATES = "arn:aws:states:us-east-1:123456789012"
INPUT: dict[str, Any] = {
    "trigger": {"id": "manual", "type": "manual"},
    "run": {"workflow": "w", "version": 1},
}


class Driven:
    """A workflow of functions, of which some fail, on virtual time."""

    def __init__(self, edges: list[tuple[str, str]], **nodes: Any) -> None:
        written = {
            "id": "w",
            "nodes": [
                {"id": name, "type": "function", "parameters": {"function": name}, **more}
                for name, more in nodes.items()
            ],
            "edges": [{"from": source, "to": target} for source, target in edges],
        }
        self.compilation = compile_text(yaml.safe_dump(written))
        self.execution = Execution(
            StateMachine.parse(self.compilation.machine),
            input=INPUT,
            name="run",
            arn=f"{STATES}:execution:w:run",
            state_machine_arn=f"{STATES}:stateMachine:w",
            started_at=1.0,
            seed=1,
        )

    def drive(self, requests: tuple[TaskRequest, ...], failing: str = "") -> list[NodeRun]:
        pending = list(requests)
        while self.execution.status == "RUNNING":
            request = pending.pop(0)
            arguments: Any = request.arguments
            node = arguments["Payload"]["node"]
            answer: dict[str, Any] = {"Payload": {"output": node}, "StatusCode": 200}
            outcome = TaskFailed("Network", "no way") if node == failing else TaskSucceeded(answer)
            pending += self.execution.complete(request.id, outcome, 2.0)
        return list(build_timeline(self.execution.history, self.compilation.source_map.to_json()))


def told(runs: list[NodeRun]) -> list[tuple[str, str, int]]:
    return [(run.node, run.status, len(run.attempts)) for run in runs]


def test_the_node_that_failed_goes_on_as_one_run_with_another_attempt() -> None:
    driven = Driven([("a", "b"), ("b", "c")], a={}, b={}, c={})
    failed = driven.drive(driven.execution.start(), failing="b")
    assert told(failed) == [("a", "succeeded", 1), ("b", "failed", 1)]
    redriven = driven.drive(driven.execution.redrive(50.0))
    assert told(redriven) == [("a", "succeeded", 1), ("b", "succeeded", 2), ("c", "succeeded", 1)]
    assert [run.output for run in redriven] == ["a", "b", "c"]
    assert [attempt.error for attempt in redriven[1].attempts] == ["Network", None]


def test_branches_that_were_cut_short_go_on_each_as_itself() -> None:
    edges = [("a", "b"), ("a", "c"), ("b", "j"), ("c", "j")]
    driven = Driven(edges, a={}, b={}, c={}, j={"join": "all"})
    assert told(driven.drive(driven.execution.start(), failing="b"))[1:] == [
        ("b", "failed", 1),
        ("c", "cancelled", 1),
    ]
    again = driven.drive(driven.execution.redrive(50.0), failing="c")
    assert told(again)[1:] == [("b", "succeeded", 2), ("c", "failed", 2)]
    ended = driven.drive(driven.execution.redrive(60.0))
    assert told(ended)[1:] == [("b", "succeeded", 2), ("c", "succeeded", 3), ("j", "succeeded", 1)]
    assert [run.output for run in ended] == ["a", "b", "c", "j"]
