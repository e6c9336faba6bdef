"""Archives of events, replayed to the rules of clients, through boto3."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for

pytestmark = pytest.mark.slow
_BUS = "arn:aws:events:us-east-1:000000000000:event-bus/{}"
_ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/{}"
_QUEUE = "arn:aws:sqs:us-east-1:000000000000:{}"


def _listen(cloud: CloudProcess, bus: str, name: str) -> str:
    """A rule for all orders of a bus with a queue of its own; the queue's address."""
    queue = str(cloud.client("sqs").create_queue(QueueName=name)["QueueUrl"])
    cloud.events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source": ["orders"]}')
    target = {"Id": "queue", "Arn": _QUEUE.format(name)}
    cloud.events.put_targets(Rule=name, EventBusName=bus, Targets=[target])  # type: ignore[list-item]
    return queue


def _put(cloud: CloudProcess, bus: str, *numbers: int) -> None:
    for number in numbers:
        detail = json.dumps({"number": number})
        entry = {"Source": "orders", "DetailType": "sale", "Detail": detail, "EventBusName": bus}
        cloud.events.put_events(Entries=[entry])  # type: ignore[list-item]


def _received(cloud: CloudProcess, queue: str, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def look() -> bool:
        answer = cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        found.extend(json.loads(message["Body"]) for message in answer.get("Messages", []))
        return len(found) >= count

    wait_for(look)
    return sorted(found, key=lambda event: int(event["detail"]["number"]))


def _start(cloud: CloudProcess, name: str, bus: str, **options: Any) -> Any:
    now = datetime.now(UTC)
    destination: Any = {"Arn": _BUS.format(bus), **options}
    return cloud.events.start_replay(
        ReplayName=name,
        EventSourceArn=_ARCHIVE.format(bus),
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now + timedelta(hours=1),
        Destination=destination,
    )


def _archive(cloud: CloudProcess, bus: str) -> None:
    cloud.events.create_event_bus(Name=bus)
    cloud.events.create_archive(
        ArchiveName=bus,
        EventSourceArn=_BUS.format(bus),
        EventPattern='{"detail": {"number": [{"numeric": ["<", 10]}]}}',
    )


def test_archived_events_reach_the_rules_again_with_the_replays_name(cloud: CloudProcess) -> None:
    _archive(cloud, "kept")
    queue = _listen(cloud, "kept", "first-rule")
    _put(cloud, "kept", 1, 2, 50)
    before = _received(cloud, queue, 3)
    other = _listen(cloud, "kept", "second-rule")
    arn = cloud.events.describe_rule(Name="first-rule", EventBusName="kept")["Arn"]
    assert _start(cloud, "again", "kept", FilterArns=[arn])["State"] == "STARTING"
    wait_for(lambda: cloud.events.describe_replay(ReplayName="again")["State"] == "COMPLETED")
    replayed = _received(cloud, queue, 2)
    assert replayed == [{**event, "replay-name": "again"} for event in before[:2]]
    assert "Messages" not in cloud.client("sqs").receive_message(QueueUrl=other)
    _start(cloud, "once-more", "kept")
    assert len(_received(cloud, other, 2)) == 2
    assert len(_received(cloud, queue, 2)) == 2


def test_replays_are_listed_and_one_that_has_ended_cannot_be_cancelled(cloud: CloudProcess) -> None:
    _archive(cloud, "listed")
    _start(cloud, "listed-a", "listed")
    wait_for(lambda: cloud.events.describe_replay(ReplayName="listed-a")["State"] == "COMPLETED")
    (found,) = cloud.events.list_replays(NamePrefix="listed-")["Replays"]
    assert (found["ReplayName"], found["State"]) == ("listed-a", "COMPLETED")
    with pytest.raises(ClientError) as caught:
        cloud.events.cancel_replay(ReplayName="listed-a")
    assert caught.value.response["Error"]["Code"] == "IllegalStatusException"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ReplayName": "taken"}, "ResourceAlreadyExistsException"),
        ({"EventSourceArn": _ARCHIVE.format("nothing")}, "ValidationException"),
        ({"Destination": {"Arn": _BUS.format("default")}}, "ValidationException"),
        ({"EventEndTime": datetime(2020, 1, 1, tzinfo=UTC)}, "ValidationException"),
    ],
)
def test_a_replay_that_cannot_be_is_refused(cloud: CloudProcess, change: Any, code: str) -> None:
    if not cloud.events.list_archives(NamePrefix="refused")["Archives"]:
        _archive(cloud, "refused")
        _start(cloud, "taken", "refused")
    now = datetime.now(UTC)
    given = {
        "ReplayName": "new",
        "EventSourceArn": _ARCHIVE.format("refused"),
        "EventStartTime": now - timedelta(hours=1),
        "EventEndTime": now,
        "Destination": {"Arn": _BUS.format("refused")},
    }
    with pytest.raises(ClientError) as caught:
        cloud.events.start_replay(**{**given, **change})
    assert caught.value.response["Error"]["Code"] == code


def test_archives_and_replays_survive_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path)
    _archive(first, "kept")
    _put(first, "kept", 1, 2)
    _start(first, "before", "kept")
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path)
    try:
        wait_for(lambda: second.events.describe_replay(ReplayName="before")["State"] == "COMPLETED")
        queue = _listen(second, "kept", "late")
        _start(second, "after", "kept")
        assert [event["detail"]["number"] for event in _received(second, queue, 2)] == [1, 2]
    finally:
        second.stop()
