"""What the REST API works with, and where its routes find it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import boto3
from botocore.config import Config

from functions.api.bulk_machine import BulkMachine
from functions.api.event_bus import EventBus
from functions.api.live_runs import LiveRuns
from layers.runtime.errors import PlatformError, Problem
from layers.runtime.executions import Starter
from layers.runtime.json_value import JsonObject, read_json, write_json
from layers.runtime.principal import Principal
from layers.runtime.step_functions import RedrivingStepFunctions
from layers.runtime.store import Store


class Lambda(Protocol):
    """The part of boto3's `lambda` client that is used."""

    def invoke(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: Invoke."""


@dataclass(frozen=True, slots=True)
class Activation:
    """The function that compiles: the API itself never loads the translator."""

    client: Lambda
    function: str

    def ask(self, request: JsonObject) -> Mapping[str, Any]:
        """What functions.activate answers; its problems are raised as they are."""
        answered = self.client.invoke(FunctionName=self.function, Payload=write_json(request).encode())
        answer = cast("Mapping[str, Any]", read_json(answered["Payload"].read()))
        if answered.get("FunctionError"):
            raise _crashed(str(answer.get("errorType")))
        if "problem" in answer:
            raise _relayed(answer["problem"])
        return answer


@dataclass(frozen=True, slots=True)
class Recording:
    """The function that records ends and acts on them."""

    client: Lambda
    function: str

    def tell(self, execution_arn: str) -> None:
        """Tells it of an end whose event has not come."""
        machine = execution_arn.replace(":execution:", ":stateMachine:", 1).rpartition(":")[0]
        detail = {"executionArn": execution_arn, "stateMachineArn": machine}
        self.client.invoke(
            FunctionName=self.function,
            InvocationType="Event",
            Payload=write_json({"detail": detail}).encode(),
        )


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that the routes need."""

    starter: Starter
    activation: Activation
    live_runs: LiveRuns
    redriving: RedrivingStepFunctions
    bus: EventBus
    recording: Recording
    bulk: BulkMachine
    sleep: Callable[[float], None] = time.sleep
    """Waits so many seconds."""

    @property
    def store(self) -> Store:
        """The project's part of the table."""
        return self.starter.store


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and what there is to answer with."""

    principal: Principal
    services: Services


def open_lambda() -> Lambda:
    """The client of AWS Lambda; the compiler may take as long as a request may (AWS: 30 s for HTTP APIs)."""
    return cast("Lambda", boto3.client("lambda", config=Config(read_timeout=29, retries={"max_attempts": 0})))


def request_of(context: Mapping[str, Any]) -> Request:
    """The request that functions.api.application put into the resolver's context."""
    return cast("Request", context["request"])


def _relayed(body: Mapping[str, Any]) -> PlatformError:
    return PlatformError(
        Problem(
            status=body["status"],
            code=body["code"],
            title=body["title"],
            detail=body["detail"],
            hint=body["hint"],
            diagnostics=body.get("diagnostics", ()),
        )
    )


def _crashed(kind: str) -> PlatformError:
    return PlatformError(
        Problem(
            502,
            "compiler_failed",
            "The compiler failed",
            f"The function that compiles definitions ended with {kind}; nothing was stored.",
            "Try again; if it stays so, this is a bug in Steploom: please report it with the definition.",
        )
    )
