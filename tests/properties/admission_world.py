"""A workflow with a limit, and everything around it that starts, ends, tells, sweeps and dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from botocore.exceptions import ClientError, EndpointConnectionError

from layers.runtime.admission.fill import cancel_waiting
from layers.runtime.admission.group_items import Waiting
from layers.runtime.admission.limit import Limit
from layers.runtime.admission.release import release
from layers.runtime.admission.sweep import sweep
from layers.runtime.errors import RequestError
from layers.runtime.executions import Starter, StartRequest, start_once
from layers.runtime.store import Store, Table
from layers.runtime.store.runs import Run, RunResult, find_run, finish_run
from layers.runtime.store.versions import Compiled, Switch, Version, activate_version
from layers.runtime.store.workflows import Draft, WorkflowHead, create_workflow, find_head, next_change
from layers.runtime.timeline import iso_time
from tests.properties.interleaving import Processes
from tests.properties.memory_table import MemoryTable

MACHINE: Final = "arn:aws:states:eu-west-1:123456789012:stateMachine:main-charge"
_STATUSES: Final = {"SUCCEEDED": "succeeded", "FAILED": "failed", "ABORTED": "cancelled"}


@dataclass
class Service:
    """Step Functions: starts by name once, stops, tells; it may be away, or lose its answer."""

    processes: Processes
    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_away: bool = False
    loses_answers: bool = False

    def start_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self.processes.gate()
        if self.is_away:
            raise EndpointConnectionError(endpoint_url="states")
        arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{arguments['name']}"
        known = self.executions.setdefault(
            arn, {"status": "RUNNING", "key": arguments["input"], "name": arguments["name"]}
        )
        if known["status"] != "RUNNING":
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists", "Message": ""}}, "StartExecution")
        if self.loses_answers:
            raise EndpointConnectionError(endpoint_url="states")
        return {"executionArn": arn}

    def stop_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self.processes.gate()
        execution = self._existing(arguments["executionArn"])
        if execution["status"] == "RUNNING":
            execution["status"] = "ABORTED"
        return {}

    def describe_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self.processes.gate()
        return dict(self._existing(arguments["executionArn"]))

    def under_way(self) -> list[str]:
        """The ARNs of what runs."""
        return [arn for arn, each in self.executions.items() if each["status"] == "RUNNING"]

    def _existing(self, arn: str) -> dict[str, Any]:
        if arn not in self.executions:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist", "Message": ""}}, "Operation")
        return self.executions[arn]


class World:
    """What the rules of the model act on."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.now = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
        self.processes = Processes()
        self.service = Service(self.processes)
        self.table = MemoryTable(self.processes.gate)
        self.store = Store(cast("Table", self.table), "main")
        self.starter = Starter(self.store, cast("Any", self.service), lambda: self.now, self._random)
        self.accepted: set[str] = set()
        self.places: dict[str, float] = {}
        """When each run that had to wait was first seen to."""
        self._drawn = 0
        self._deploy()

    def _random(self, size: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(size, "big")

    def _deploy(self) -> None:
        now = iso_time(self.now)
        draft = Draft("{}", "json", [])
        create_workflow(self.store, WorkflowHead("charge", "Charge", "", "draft", 1, now, now), draft)
        head = find_head(self.store, "charge")
        assert head is not None
        change = next_change(head, "activated", "ada", now)
        version = Version(1, now, "d", f"{MACHINE}:1", [], concurrency=self.limit.to_json())
        activate_version(self.store, head, version, Compiled(draft, "{}", {}), Switch([], []), change)

    def start(self, key: str, priority: int, delivery: str | None) -> None:
        """What a webhook does, or a firing that may be delivered again."""
        trigger = {"id": "t", "type": "webhook", "key": key}
        request = StartRequest(
            "charge", 1, f"{MACHINE}:live", trigger, "w", delivery, limit=self.limit, priority=priority
        )
        try:
            run, _ = start_once(self.starter, request)
        except RequestError as refused:
            if refused.problem.code not in {"limit_reached", "idempotency_key_reused"}:
                raise
            return
        self.accepted.add(run.id)

    def tell(self, arn: str) -> None:
        """What the recorder does at the event of an end."""
        execution = self.service.executions[arn]
        run = find_run(self.store, execution["name"])
        assert run is not None
        status = cast("Any", _STATUSES[execution["status"]])
        ended = replace(run, status=status, ended_at=iso_time(self.now))
        finish_run(self.store, ended, RunResult(None, None, None, [], []))
        release(self.starter.admission, ended)

    def cancel(self, run: Run) -> None:
        """What somebody does with a run that waits."""
        if run.status == "queued" and run.key is not None and run.place is not None:
            waiting = Waiting(run.id, run.workflow, run.key, run.place, 0, run.started_at)
            cancel_waiting(self.starter.admission, waiting, "cancelled")

    def sweep(self) -> None:
        """What the function `sweep` does each minute."""
        sweep(self.starter.admission, lambda: False)

    def pass_seconds(self, seconds: float) -> None:
        """Nothing else happens meanwhile."""
        self.now += timedelta(seconds=seconds)

    def note_places(self) -> None:
        """Looks who waits now."""
        for key in self.table.items:
            if key.sk.startswith("waiting#"):
                self.places.setdefault(key.sk.rpartition("#")[2], self.now.timestamp())

    def runs(self) -> list[Run]:
        """All that are recorded."""
        ids = [key.pk.rpartition("#")[2] for key in self.table.items if key.sk == "run" and "#run#" in key.pk]
        return [run for run in (find_run(self.store, each) for each in ids) if run is not None]

    def most_under_way(self) -> int:
        """How many executions with one key run now."""
        return max(
            Counter(self.service.executions[arn]["key"] for arn in self.service.under_way()).values(),
            default=0,
        )

    def recover(self, minutes: int) -> None:
        """Nothing dies any more, every run ends at once and no event says so: only sweeps are left."""
        for process in list(self.processes.alive):
            self.processes.kill(process)
        self.service.is_away = self.service.loses_answers = False
        for _ in range(minutes):
            for arn in self.service.under_way():
                self.service.executions[arn]["status"] = "SUCCEEDED"
            self.pass_seconds(61)
            self.sweep()
