"""A table in memory, a fake Step Functions, and what the functions make of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions.activate.activation import Activator
from functions.activate.firing.arming import Arming
from functions.activate.firing.rules import Rules
from functions.activate.firing.schedule_plan import Targets
from functions.activate.firing.schedules import Schedules
from functions.activate.log_groups import LogGroups
from functions.activate.machines import Machines
from infra.topology import topology
from layers.runtime.executions import Starter
from layers.runtime.queue import Queue
from layers.runtime.store import Store, Table
from layers.runtime.store.workflows import Draft, WorkflowHead, create_workflow
from layers.runtime.timeline import iso_time
from tests.functions.fake_compiler import fake_compile
from tests.functions.fake_firing import (
    BUS,
    DEAD_STARTS,
    GROUP,
    POLLS,
    SCHEDULER_ROLE,
    STARTS,
    STARTS_URL,
    FakeEvents,
    FakeScheduler,
    FakeSqs,
)
from tests.functions.fake_logs import FakeLogs
from tests.functions.fakes import (
    RECORDER,
    ROLE,
    FakeClock,
    FakeRandomness,
    FakeStepFunctions,
    definition,
)

REGION = "eu-west-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in memory, with the environment that a Lambda of the project has."""
    for name, value in {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "STEPLOOM_PROJECT": "main",
        "STEPLOOM_TABLE": topology().table.name,
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Table:
    """The table of the topology."""
    described = topology().table
    client = boto3.client("dynamodb")
    names = {"pk", "sk"}.union(*((index.partition_key, index.sort_key) for index in described.indexes))
    client.create_table(
        TableName=described.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": [
                    {"AttributeName": index.partition_key, "KeyType": "HASH"},
                    {"AttributeName": index.sort_key, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in described.indexes
        ],
    )
    return Table(described.name, client)


@pytest.fixture
def store(table: Table) -> Store:
    """The part of the table that belongs to project `main`."""
    return Store(table, "main")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def step_functions(clock: FakeClock) -> FakeStepFunctions:
    """Step Functions without any machine."""
    return FakeStepFunctions(clock)


@pytest.fixture
def logs() -> FakeLogs:
    """CloudWatch Logs without any group."""
    return FakeLogs()


@pytest.fixture
def starter(store: Store, step_functions: FakeStepFunctions, clock: FakeClock) -> Starter:
    """What runs are started with."""
    return Starter(store, step_functions, clock, FakeRandomness())


@pytest.fixture
def scheduler() -> FakeScheduler:
    """EventBridge Scheduler without any schedule."""
    return FakeScheduler()


@pytest.fixture
def sqs() -> FakeSqs:
    """The queue `starts`, empty."""
    return FakeSqs()


@pytest.fixture
def events() -> FakeEvents:
    """EventBridge with the project's bus and one called `shop`."""
    return FakeEvents()


@pytest.fixture
def arming(
    store: Store, scheduler: FakeScheduler, events: FakeEvents, sqs: FakeSqs, clock: FakeClock
) -> Arming:
    """What makes the schedules and rules of workflows."""
    return Arming(
        store,
        Schedules(scheduler, GROUP),
        Rules(events, BUS),
        Targets(STARTS, DEAD_STARTS, SCHEDULER_ROLE, POLLS),
        Queue(sqs, STARTS_URL),
        clock,
    )


@pytest.fixture
def activator(
    store: Store, step_functions: FakeStepFunctions, logs: FakeLogs, clock: FakeClock, arming: Arming
) -> Activator:
    """What definitions are activated with."""
    machines = Machines(step_functions, ROLE, REGION, LogGroups(logs, RECORDER))
    parts = {"NodeTaskFunction": "arn:aws:lambda:eu-west-1:123456789012:function:node"}
    return Activator(store, machines, fake_compile, parts, clock, arming)


@pytest.fixture
def write_draft(store: Store, clock: FakeClock) -> Callable[..., WorkflowHead]:
    """Stores a definition as the draft of a new workflow, as the API does it."""

    def write(**changes: Any) -> WorkflowHead:
        written = definition(**changes)
        head = WorkflowHead(
            written["id"], written["name"], "", "draft", 1, iso_time(clock()), iso_time(clock())
        )
        create_workflow(store, head, Draft(json.dumps(written), "json", written["triggers"]))
        return head

    return write
