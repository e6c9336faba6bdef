"""The REST API in process: requests go in as API Gateway sends them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.activate.activation import Activator
from functions.activate.dispatch import answer
from functions.api.application import respond
from functions.api.bulk_machine import BulkMachine
from functions.api.event_bus import EventBus
from functions.api.live_runs import LiveRuns
from functions.api.services import Activation, Recording, Services
from layers.runtime.executions import Starter
from tests.functions.fake_firing import ARCHIVE_ARN, BUS, BUS_ARN, FakeEvents
from tests.functions.fakes import FakeClock, FakeStepFunctions, http_event, refusal

BULK_MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:main--bulk"
PRINCIPAL = {"id": "ann", "project": "main", "roles": ["admin"]}


@dataclass
class FakeMaps:
    """The machine of bulk starts: executions by name, and what a test says of their items."""

    executions: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    status: str = "RUNNING"

    def start_execution(self, **arguments: Any) -> dict[str, Any]:
        if arguments["name"] in self.executions:
            raise refusal("ExecutionAlreadyExists")
        self.executions[arguments["name"]] = arguments["input"]
        return {}

    def describe_execution(self, **arguments: Any) -> dict[str, Any]:
        if arguments["executionArn"].rpartition(":")[2] not in self.executions:
            raise refusal("ExecutionDoesNotExist")
        return {"status": self.status}

    def list_map_runs(self, **arguments: Any) -> dict[str, Any]:
        return {"mapRuns": [{"mapRunArn": "map"}] if self.counts else []}

    def describe_map_run(self, **arguments: Any) -> dict[str, Any]:
        return {"itemCounts": self.counts}


@dataclass(frozen=True)
class FakeLambda:
    """Calls the function `activate` in process."""

    activator: Activator

    def invoke(self, **arguments: Any) -> dict[str, Any]:
        try:
            answered = answer(json.loads(arguments["Payload"]), self.activator)
        except Exception as error:
            failure = json.dumps({"errorType": type(error).__name__}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(failure)}
        return {"Payload": io.BytesIO(json.dumps(answered).encode())}


class FakeRecorder:
    """Notes what the function `recorder` is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def invoke(self, **arguments: Any) -> dict[str, Any]:
        self.told.append(json.loads(arguments["Payload"])["detail"]["executionArn"])
        return {}


@pytest.fixture
def services(
    starter: Starter,
    activator: Activator,
    clock: FakeClock,
    step_functions: FakeStepFunctions,
    events: FakeEvents,
) -> Services:
    activation = Activation(FakeLambda(activator), "activate")
    live_runs = LiveRuns(starter.store, starter.step_functions, clock.seconds)
    bus = EventBus(lambda: events, BUS, BUS_ARN, ARCHIVE_ARN)
    return Services(
        starter,
        activation,
        live_runs,
        step_functions,
        bus,
        Recording(FakeRecorder(), "recorder"),
        BulkMachine(FakeMaps(), BULK_MACHINE, "runs"),
        clock.pass_seconds,
    )


@pytest.fixture
def call(services: Services) -> Callable[..., Any]:
    """Sends a request as Ann of project main; gives the answer with its body read.

    Changes are of whatever revision there is, unless a test says another.
    """

    def send(method: str, path: str, body: Any = None, principal: Any = PRINCIPAL, **more: Any) -> Any:
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        expected = {"if-match": "*"} if method in {"PUT", "DELETE"} else {}
        given = {**expected, **more.pop("headers", {})}
        headers = {name: value for name, value in given.items() if value is not None}
        event = http_event(method, path, text, headers, **more)
        event["requestContext"]["authorizer"] = {"lambda": {"principal": principal}}
        answered = respond(event, None, lambda: services)
        read = json.loads(answered["body"]) if answered.get("body") else None
        fields = {name.lower(): value for name, value in answered["headers"].items()}
        return {"status": int(answered["statusCode"]), "headers": fields, "json": read}

    return send
