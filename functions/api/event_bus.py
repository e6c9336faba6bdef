"""The project's event bus and its archive, as the API uses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast

import boto3
from botocore.exceptions import ClientError

from layers.runtime.errors import PlatformError, Problem, RequestError
from layers.runtime.json_value import JsonValue, write_json
from layers.runtime.problems import bad_request
from layers.runtime.settings import Settings


class EventsClient(Protocol):
    """The part of boto3's `events` client that is used."""

    def put_events(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: PutEvents."""

    def start_replay(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: StartReplay."""

    def describe_replay(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: DescribeReplay."""


@dataclass(frozen=True, slots=True)
class EventBus:
    """One bus with its archive; the client is opened when it is first needed."""

    open_client: Callable[[], EventsClient]
    name: str
    arn: str
    archive_arn: str

    def put(self, source: str, kind: str, detail: JsonValue, time: datetime | None) -> str:
        """Puts an event and gives its id; raises RequestError 400 for one that the bus refuses."""
        entry: dict[str, Any] = {"Source": source, "DetailType": kind, "Detail": write_json(detail)}
        if time is not None:
            entry["Time"] = time
        try:
            answer = self.open_client().put_events(Entries=[{**entry, "EventBusName": self.name}])
        except ClientError as error:
            raise _not_taken(error) from error
        [result] = answer["Entries"]
        if "EventId" not in result:
            raise bad_request(
                f"The bus refuses the event: {result.get('ErrorMessage')}", "Correct the event."
            )
        return str(result["EventId"])

    def replay(self, name: str, start: datetime, end: datetime, rules: Sequence[str]) -> None:
        """Lets the archive deliver a time window to some rules again; raises RequestError 400 or 409."""
        prefix = self.arn.replace(":event-bus/", ":rule/")
        filters = [f"{prefix}/{rule}" for rule in rules]
        try:
            self.open_client().start_replay(
                ReplayName=name,
                EventSourceArn=self.archive_arn,
                EventStartTime=start,
                EventEndTime=end,
                Destination={"Arn": self.arn, "FilterArns": filters},
            )
        except ClientError as error:
            raise _replay_refused(name, error) from error

    def find_replay(self, name: str) -> Mapping[str, Any] | None:
        """How a replay goes on."""
        try:
            return self.open_client().describe_replay(ReplayName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise


def open_bus(settings: Settings) -> EventBus:
    """The bus of this deployment."""
    return EventBus(
        _client, settings.required("bus"), settings.required("bus_arn"), settings.required("archive_arn")
    )


@cache
def _client() -> EventsClient:
    return cast("EventsClient", boto3.client("events"))


def _not_taken(error: ClientError) -> PlatformError:
    return PlatformError(
        Problem(
            502, "event_not_taken", "Event not taken", f"EventBridge did not take it: {error}", "Try again."
        )
    )


def _replay_refused(name: str, error: ClientError) -> RequestError:
    code = error.response["Error"]["Code"]
    if code == "ResourceAlreadyExistsException":
        return RequestError(
            Problem(
                409,
                "replay_exists",
                "Replay exists",
                f"There is a replay '{name}' already.",
                "Give the new one another name, or leave `name` out.",
            )
        )
    return bad_request(f"EventBridge refuses the replay: {error}", "Correct the window, or try again later.")
