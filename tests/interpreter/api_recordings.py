"""Recorded answers of StartExecution, StartSyncExecution and DescribeExecution, asked of the local cloud."""

from __future__ import annotations

import json
import random
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.local.names import ACCOUNT
from infra.local.states.archive import Archive
from infra.local.states.definitions import Definitions
from infra.local.states.engine import Engine
from infra.local.states.execution_operations import ExecutionOperations
from infra.local.states.executions import Executions
from infra.local.states.express_operations import ExpressOperations
from infra.local.states.machine_operations import MachineOperations
from infra.local.states.machines import Machines
from infra.local.states.map_runs import MapRuns
from infra.local.states.parameters import Parameters
from infra.local.states.record import Started
from infra.local.states.recovery import Recovery
from infra.local.states.reply import Reply
from tests.interpreter.scheduling import VirtualScheduler
from translator.interpreter import Outcome, TaskFailed, TaskRequest, TaskSucceeded

_NOW = 1_900_000_000.0
_ACCOUNT = "111111111111"
_PATIENCE = 10.0
_ROLE = "arn:aws:iam::111111111111:role/recorded"


def ask_api(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the local cloud answers, in the recorder's account, to the operation of the recorded answer."""
    answer: dict[str, Any] = json.loads(json.dumps(_answer(case)).replace(ACCOUNT, _ACCOUNT))
    return answer


def _answer(case: Mapping[str, Any]) -> dict[str, Any]:
    status = case["response"].get("status")
    # What was still running, or stopped, had tasks that nobody answered.
    waits = status in ("RUNNING", "ABORTED", "TIMED_OUT")
    scheduler = VirtualScheduler(_NOW, stands=waits and status != "TIMED_OUT")
    scheduler.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            outcome = None if waits else _outcome(case["response"])
            return _ask(_Cloud(Path(folder), scheduler, outcome), case)
    finally:
        scheduler.stop()


def _ask(cloud: _Cloud, case: Mapping[str, Any]) -> dict[str, Any]:
    sync = "billingDetails" in case["response"]
    machine = cloud.machines.create(
        Parameters(
            {
                "name": "recorded",
                "definition": _text(case["definition"]),
                "roleArn": _ROLE,
                "type": "EXPRESS" if sync else "STANDARD",
            }
        )
    )
    data = {} if case["input"] is None else {"input": _text(case["input"])}
    request = Parameters({"stateMachineArn": machine["stateMachineArn"], **data})
    if sync:
        return ExpressOperations(cloud.operations, cloud.engine, _new_id).start_sync(request)
    started = cloud.operations.start(request)
    if "status" not in case["response"]:
        return started
    execution = Parameters({"executionArn": started["executionArn"]})
    if case["response"]["status"] == "ABORTED":
        cloud.operations.stop(execution)
    elif case["response"]["status"] != "RUNNING":
        cloud.await_end(started["executionArn"])
    return cloud.operations.describe(execution)


class _Cloud:
    """The parts of the local cloud that execute; every task ends with the outcome, or without one never."""

    def __init__(self, folder: Path, scheduler: VirtualScheduler, outcome: Outcome | None) -> None:
        self._scheduler = scheduler
        machines = Machines(folder / "machines", Definitions(folder / "definitions"))
        executions = Executions(Archive(folder / "executions"))

        def dispatch(_started: Started, _request: TaskRequest, reply: Reply) -> None:
            if outcome is not None:
                reply.done(outcome)

        def clock() -> float:
            return scheduler.now

        definitions = machines.definitions
        self.engine = Engine(
            scheduler,
            clock,
            definitions,
            executions,
            dispatch,
            lambda _event: None,
            lambda _started, _events, _done: None,
        )
        recovery = Recovery(self.engine, scheduler, clock, definitions, executions)
        self.machines = MachineOperations(machines, clock, _new_id)
        runs, chance = MapRuns(executions), random.Random(0)
        self.operations = ExecutionOperations(
            machines, executions, runs, self.engine, recovery, clock, _new_id, chance
        )

    def await_end(self, arn: str) -> None:
        """Return when the execution has ended."""
        ended = threading.Event()
        self._scheduler.call(lambda: self.engine.watch(arn, lambda _started, _ended: ended.set()))
        assert ended.wait(_PATIENCE)


def _new_id() -> str:
    return str(uuid.uuid4())


def _outcome(expected: Mapping[str, Any]) -> Outcome:
    """How the task must have ended: of it only what the execution made of it was recorded."""
    if "error" in expected:
        return TaskFailed(expected["error"], expected.get("cause"))
    objects = list(_objects(expected.get("output")))
    failure = next((found for found in objects if found.keys() == {"Error", "Cause"}), None)
    if failure is not None:
        return TaskFailed(failure["Error"], failure["Cause"])
    answers = [found for found in objects if "SdkHttpMetadata" in found]
    return TaskSucceeded(answers[-1] if answers else expected.get("output"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object, the outer ones first."""
    if isinstance(value, Mapping):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _objects(inner)
