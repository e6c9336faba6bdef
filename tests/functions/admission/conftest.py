"""A workflow with a limit, as runs of it are started, swept and recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.recorder.recording import Recorder, record
from layers.runtime.admission.limit import read_limit
from layers.runtime.admission.sweep import Swept, sweep
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.store.runs import Run, find_run
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import Draft, WorkflowHead, find_head, next_change, replace_draft
from tests.functions.fakes import PREFIX, FakeClock, FakeStepFunctions, definition

MACHINE = f"{PREFIX}:stateMachine:main-order-fulfilment"


@dataclass
class Limited:
    """The workflow and what happens around it."""

    starter: Starter
    step_functions: FakeStepFunctions
    clock: FakeClock

    def start(self, key: str | None = None, priority: int | None = None) -> Run:
        """Starts a run of the active version, as a webhook does."""
        store = self.starter.store
        head = find_head(store, "order-fulfilment")
        assert head is not None
        assert head.active_version is not None
        version = find_version(store, head.id, head.active_version)
        assert version is not None
        trigger: Mapping[str, Any] = {"id": "new_order", "type": "webhook", "body": {"customer": "ada"}}
        request = StartRequest(
            head.id,
            version.number,
            f"{MACHINE}:live",
            trigger,
            "webhook",
            idempotency_key=key,
            limit=read_limit(version.concurrency),
            priority=priority,
        )
        self.clock.pass_seconds(0.001)
        return start_run(self.starter, request)

    def status(self, run: Run) -> str:
        """As it is recorded now."""
        known = find_run(self.starter.store, run.id)
        assert known is not None
        return known.status

    def statuses(self, *runs: Run) -> list[str]:
        """As they are recorded now."""
        return [self.status(run) for run in runs]

    def end(self, run: Run, status: str = "SUCCEEDED", *, is_told: bool = True) -> None:
        """Ends its execution, and says so unless the event gets lost."""
        self.step_functions.end(run.execution_arn, status, output="1")
        if is_told:
            self.tell(run)

    def tell(self, run: Run) -> None:
        """The event of its end."""
        event = {"detail": {"executionArn": run.execution_arn, "stateMachineArn": MACHINE}}
        record(event, Recorder(self.starter.store, self.step_functions, self.clock))

    def sweep(self) -> Swept:
        """Looks at what is due."""
        return sweep(self.starter.admission, lambda: False)

    def under_way(self) -> int:
        """How many executions."""
        return sum(one["status"] == "RUNNING" for one in self.step_functions.executions.values())


@pytest.fixture
def limited(
    activator: Activator,
    starter: Starter,
    step_functions: FakeStepFunctions,
    clock: FakeClock,
    write_draft: Callable[..., WorkflowHead],
) -> Callable[..., Limited]:
    """Activates the workflow with a limit."""

    def make(**concurrency: Any) -> Limited:
        settings = {"concurrency": concurrency} if concurrency else {}
        head = find_head(starter.store, "order-fulfilment")
        if head is None:
            write_draft(settings=settings)
        else:
            written = definition(settings=settings)
            draft = Draft(json.dumps(written), "json", written["triggers"])
            replace_draft(starter.store, head, draft, next_change(head, "changed", "ada", head.updated_at))
        activate(activator, "order-fulfilment")
        return Limited(starter, step_functions, clock)

    return make
