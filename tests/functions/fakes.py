"""Stand-ins for Step Functions and randomness, small enough to be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

PREFIX = "arn:aws:states:eu-west-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/machines"
RECORDER = "arn:aws:lambda:eu-west-1:123456789012:function:recorder"


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message or code}}, "Operation")


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeRandomness:
    """Counts instead of throwing dice."""

    calls: int = 0

    def __call__(self, size: int) -> bytes:
        self.calls += 1
        return self.calls.to_bytes(size, "big")


@dataclass
class FakeStepFunctions:
    """State machines with versions and aliases, and executions that end when a test says so."""

    clock: FakeClock
    machines: dict[str, list[str]] = field(default_factory=dict)
    """Definitions of the published versions, by machine ARN."""
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each machine was created with beside its definition."""
    aliases: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    """The versions that were deleted."""
    splits: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What else an alias leads to, as its routing configuration has it."""
    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    histories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failing: dict[str, BaseException] = field(default_factory=dict)
    """What an operation raises instead of doing its work."""
    calls: list[str] = field(default_factory=list)
    answered: dict[str, Any] = field(default_factory=dict)
    """How executions end that are waited for."""
    started: int = 0

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        if operation in self.failing:
            raise self.failing[operation]

    def create_state_machine(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("create_state_machine")
        arn = f"{PREFIX}:stateMachine:{arguments['name']}"
        if self.machines.get(arn, [arguments["definition"]])[-1] != arguments["definition"]:
            raise refusal("StateMachineAlreadyExists")
        self.kinds.setdefault(arn, arguments)
        versions = self.machines.setdefault(arn, [arguments["definition"]])
        return {"stateMachineArn": arn, "stateMachineVersionArn": f"{arn}:{len(versions)}"}

    def update_state_machine(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("update_state_machine")
        arn = arguments["stateMachineArn"]
        self.machines[arn].append(arguments["definition"])
        return {"stateMachineVersionArn": f"{arn}:{len(self.machines[arn])}"}

    def publish_state_machine_version(self, **arguments: Any) -> Mapping[str, Any]:
        raise NotImplementedError

    def delete_state_machine_version(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("delete_state_machine_version")
        self.deleted.append(arguments["stateMachineVersionArn"])
        return {}

    def create_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("create_state_machine_alias")
        [route] = arguments["routingConfiguration"]
        arn = f"{route['stateMachineVersionArn'].rpartition(':')[0]}:{arguments['name']}"
        self.aliases[arn] = route["stateMachineVersionArn"]
        return {"stateMachineAliasArn": arn}

    def update_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("update_state_machine_alias")
        route, *second = arguments["routingConfiguration"]
        self.aliases[arguments["stateMachineAliasArn"]] = route["stateMachineVersionArn"]
        self.splits[arguments["stateMachineAliasArn"]] = second
        return {}

    def delete_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        if self.aliases.pop(arguments["stateMachineAliasArn"], None) is None:
            raise refusal("ResourceNotFound")
        return {}

    def describe_state_machine_alias(self, **arguments: Any) -> Mapping[str, Any]:
        arn = arguments["stateMachineAliasArn"]
        if arn not in self.aliases:
            raise refusal("ResourceNotFound")
        second = self.splits.get(arn, [])
        weight = 100 - sum(route["weight"] for route in second)
        return {
            "routingConfiguration": [{"stateMachineVersionArn": self.aliases[arn], "weight": weight}, *second]
        }

    def start_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("start_execution")
        alias = arguments["stateMachineArn"]
        version = self.aliases.get(alias) or self._published(alias)
        if version is None:
            raise refusal("StateMachineDoesNotExist")
        machine = alias.rpartition(":")[0]
        if self.kinds[machine]["type"] == "EXPRESS":
            return {"executionArn": self._express(machine, arguments["name"]), "startDate": self.clock()}
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{arguments['name']}"
        if arn in self.executions:
            raise refusal("ExecutionAlreadyExists")
        self.executions[arn] = {
            "executionArn": arn,
            "stateMachineArn": machine,
            "stateMachineVersionArn": version,
            "name": arguments["name"],
            "status": "RUNNING",
            "startDate": self.clock(),
            "input": arguments["input"],
        }
        self.histories[arn] = [
            {"id": 1, "type": "ExecutionStarted", "previousEventId": 0, "timestamp": self.clock()}
        ]
        return {"executionArn": arn, "startDate": self.clock()}

    def _published(self, arn: str) -> str | None:
        machine, _, number = arn.rpartition(":")
        return arn if number.isdecimal() and 0 < int(number) <= len(self.machines.get(machine, ())) else None

    def redrive_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("redrive_execution")
        arn = arguments["executionArn"]
        if self._existing(arn)["status"] in {"RUNNING", "SUCCEEDED"}:
            raise refusal("ExecutionNotRedrivable")
        self.executions[arn]["status"] = "RUNNING"
        del self.executions[arn]["stopDate"]
        self.add_event(arn, "ExecutionRedriven")
        return {"redriveDate": self.clock()}

    def start_sync_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("start_sync_execution")
        machine = arguments["stateMachineArn"].rpartition(":")[0]
        return {
            "executionArn": self._express(machine, arguments["name"]),
            "input": arguments["input"],
            "stopDate": self.clock(),
            **self.answered,
        }

    def _express(self, machine: str, name: str) -> str:
        self.started += 1
        return f"{machine.replace(':stateMachine:', ':express:')}:{name}:{self.started:08x}-unique"

    def stop_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("stop_execution")
        self._existing(arguments["executionArn"])
        self.end(arguments["executionArn"], "ABORTED", error=arguments["error"], cause=arguments["cause"])
        return {"stopDate": self.clock()}

    def describe_execution(self, **arguments: Any) -> Mapping[str, Any]:
        self._called("describe_execution")
        return self._existing(arguments["executionArn"])

    def list_executions(self, **arguments: Any) -> Mapping[str, Any]:
        """The children of a Map Run, the newest first."""
        self._called("list_executions")
        of_run = [one for one in self.executions.values() if one.get("mapRunArn") == arguments["mapRunArn"]]
        return {"executions": of_run[::-1]}

    def get_execution_history(self, **arguments: Any) -> Mapping[str, Any]:
        """Gives two events a page, so that nobody forgets to read on."""
        self._called("get_execution_history")
        start = int(arguments.get("nextToken", "0"))
        events = self.histories[arguments["executionArn"]]
        more = {"nextToken": str(start + 2)} if len(events) > start + 2 else {}
        return {"events": events[start : start + 2], **more}

    def end(self, arn: str, status: str, **ending: Any) -> None:
        self.executions[arn] |= {"status": status, "stopDate": self.clock(), **ending}
        kind = {
            "SUCCEEDED": "ExecutionSucceeded",
            "FAILED": "ExecutionFailed",
            "ABORTED": "ExecutionAborted",
        }[status]
        self.add_event(arn, kind)

    def visit(self, arn: str, state: str, output: Any) -> None:
        """Lets an execution go through one Task state."""
        payload = json.dumps({"Payload": {"parameters": {}}})
        answer = json.dumps({"Payload": {"output": output}})
        self.add_event(arn, "TaskStateEntered", stateEnteredEventDetails={"name": state, "input": "{}"})
        self.add_event(arn, "TaskScheduled", taskScheduledEventDetails={"parameters": payload})
        self.add_event(arn, "TaskSucceeded", taskSucceededEventDetails={"output": answer})
        self.add_event(arn, "TaskStateExited", stateExitedEventDetails={"name": state, "output": "{}"})

    def add_event(self, arn: str, kind: str, **details: Any) -> None:
        events = self.histories[arn]
        number = len(events) + 1
        previous = 0 if number == 2 else number - 1
        events.append(
            {"id": number, "type": kind, "previousEventId": previous, "timestamp": self.clock(), **details}
        )

    def _existing(self, arn: str) -> Mapping[str, Any]:
        if arn not in self.executions:
            raise refusal("ExecutionDoesNotExist")
        return self.executions[arn]


def definition(**changes: Any) -> dict[str, Any]:
    """A definition with a webhook and one node."""
    return {
        "id": "order-fulfilment",
        "name": "Order fulfilment",
        "triggers": [{"id": "new_order", "type": "webhook", "path": "orders"}],
        "nodes": [{"id": "charge", "type": "function", "name": "Charge the card"}],
    } | changes


def http_event(
    method: str,
    path: str,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: str = "",
    **changes: Any,
) -> dict[str, Any]:
    """A request as API Gateway's HTTP APIs send it to Lambda (payload format 2.0)."""
    fields = dict(part.split("=", 1) for part in query.split("&")) if query else None
    return {
        "version": "2.0",
        "routeKey": "ANY /api/{proxy+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json", "user-agent": "curl/8.5.0", **(headers or {})},
        "queryStringParameters": fields,
        "pathParameters": {"proxy": path.split("/", 2)[2]},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.execute-api.eu-west-1.amazonaws.com",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "requestId": "id",
            "routeKey": "ANY /api/{proxy+}",
            "stage": "$default",
            "time": "31/Jan/2026:09:30:00 +0000",
            "timeEpoch": 1769851800000,
        },
        "body": body,
        "isBase64Encoded": False,
        **changes,
    }
