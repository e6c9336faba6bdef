"""Queues as sources of functions, through boto3."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for

pytestmark = pytest.mark.slow
_ARN = "arn:aws:sqs:us-east-1:000000000000:{}"
_TAKER = "arn:aws:lambda:us-east-1:000000000000:function:test-taker"


def _url(cloud: CloudProcess, name: str) -> str:
    return str(cloud.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def _send(cloud: CloudProcess, queue: str, *bodies: dict[str, Any]) -> list[str]:
    entries = [{"Id": str(place), "MessageBody": json.dumps(body)} for place, body in enumerate(bodies)]
    answer = cloud.client("sqs").send_message_batch(QueueUrl=_url(cloud, queue), Entries=entries)
    return [sent["MessageId"] for sent in answer["Successful"]]


def _taken(cloud: CloudProcess, group: str) -> dict[str, Any]:
    """By key and number of the try: the record that the function got, and the batch that it came in."""
    answer = cloud.dynamodb.query(
        TableName="test-table",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"taken#{group}"}},
    )
    return {
        item["sk"]["S"]: {**json.loads(item["event"]["S"]), "batch": item["batch"]["S"]}
        for item in answer["Items"]
    }


def _count(cloud: CloudProcess, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = cloud.client("sqs").get_queue_attributes(QueueUrl=_url(cloud, queue), AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


def test_a_message_reaches_the_function_in_the_services_shape_and_is_deleted(cloud: CloudProcess) -> None:
    sqs = cloud.client("sqs")
    sent = sqs.send_message(
        QueueUrl=_url(cloud, "test-orders"),
        MessageBody=json.dumps({"group": "shape", "key": "a"}),
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
    )
    record = wait_for(lambda: _taken(cloud, "shape"))["a#1"]
    attributes = record.pop("attributes")
    assert set(attributes) == {
        "ApproximateReceiveCount",
        "SentTimestamp",
        "SenderId",
        "ApproximateFirstReceiveTimestamp",
    }
    assert all(isinstance(value, str) for value in attributes.values())
    assert record.pop("receiptHandle")
    assert record.pop("batch")
    assert record == {
        "messageId": sent["MessageId"],
        "body": '{"group": "shape", "key": "a"}',
        "messageAttributes": {
            "kind": {
                "stringValue": "order",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": sent["MD5OfMessageBody"],
        "md5OfMessageAttributes": sent["MD5OfMessageAttributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": _ARN.format("test-orders"),
        "awsRegion": "us-east-1",
    }
    wait_for(lambda: _count(cloud, "test-orders") == 0)


def test_only_what_failed_comes_again_and_at_last_goes_to_the_dead_letter_queue(cloud: CloudProcess) -> None:
    failing = {"group": "partial", "key": "bad", "fail": True}
    _send(cloud, "test-orders", {"group": "partial", "key": "good"}, failing)
    lost = _url(cloud, "test-lost-orders")
    messages = wait_for(
        lambda: cloud.client("sqs").receive_message(QueueUrl=lost, WaitTimeSeconds=5).get("Messages")
    )
    assert json.loads(messages[0]["Body"]) == failing
    assert set(_taken(cloud, "partial")) == {"good#1", "bad#1", "bad#2"}
    assert _count(cloud, "test-orders") == 0
    cloud.client("sqs").delete_message(QueueUrl=lost, ReceiptHandle=messages[0]["ReceiptHandle"])


def test_a_batch_whose_function_raises_comes_again_whole(cloud: CloudProcess) -> None:
    identity = _mapping(cloud, "raising", BatchSize=2, MaximumBatchingWindowInSeconds=5)
    _send(cloud, "raising", {"group": "raising", "key": "a", "raise": True}, {"group": "raising", "key": "b"})
    wait_for(lambda: {"a#2", "b#2"} <= set(_taken(cloud, "raising")))
    cloud.functions.delete_event_source_mapping(UUID=identity)


def _mapping(cloud: CloudProcess, queue: str, **options: Any) -> str:
    cloud.client("sqs").create_queue(QueueName=queue, Attributes={"VisibilityTimeout": "5"})
    made = cloud.functions.create_event_source_mapping(
        EventSourceArn=_ARN.format(queue), FunctionName="test-taker", **options
    )
    return made["UUID"]


def test_a_batch_waits_for_its_window_until_it_is_full(cloud: CloudProcess) -> None:
    identity = _mapping(cloud, "windowed", BatchSize=3, MaximumBatchingWindowInSeconds=300)
    for key in "abc":
        _send(cloud, "windowed", {"group": "windowed", "key": key})
    wait_for(lambda: len(_taken(cloud, "windowed")) == 3)
    assert len({record["batch"] for record in _taken(cloud, "windowed").values()}) == 1
    cloud.functions.delete_event_source_mapping(UUID=identity)


def test_a_mapping_of_a_client_is_described_listed_paused_and_deleted(cloud: CloudProcess) -> None:
    identity = _mapping(
        cloud,
        "own",
        FunctionResponseTypes=["ReportBatchItemFailures"],
        ScalingConfig={"MaximumConcurrency": 2},
    )
    made = cloud.functions.get_event_source_mapping(UUID=identity)
    assert (made["BatchSize"], made["State"], made["FunctionArn"]) == (10, "Enabled", _TAKER)
    assert made["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert made["ScalingConfig"] == {"MaximumConcurrency": 2}
    listed = cloud.functions.list_event_source_mappings(EventSourceArn=_ARN.format("own"))
    assert [one["UUID"] for one in listed["EventSourceMappings"]] == [identity]
    paused = cloud.functions.update_event_source_mapping(UUID=identity, Enabled=False, BatchSize=1)
    assert (paused["State"], paused["BatchSize"]) == ("Disabled", 1)
    _send(cloud, "own", {"group": "own", "key": "a"})
    cloud.functions.update_event_source_mapping(UUID=identity, Enabled=True)
    wait_for(lambda: _taken(cloud, "own"))
    cloud.functions.delete_event_source_mapping(UUID=identity)
    with pytest.raises(ClientError) as caught:
        cloud.functions.get_event_source_mapping(UUID=identity)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"EventSourceArn": _ARN.format("nothing")}, "NonExistentQueue"),
        ({"EventSourceArn": _ARN.format("brief")}, "visibility timeout: 1 seconds is less than Function"),
        ({"BatchSize": 10_001}, "'batchSize' failed to satisfy constraint"),
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({"ScalingConfig": {"MaximumConcurrency": 1001}}, "'maximumConcurrency' failed"),
    ],
)
def test_a_mapping_that_the_service_refuses_is_refused(
    cloud: CloudProcess, options: dict[str, Any], message: str
) -> None:
    cloud.client("sqs").create_queue(QueueName="brief", Attributes={"VisibilityTimeout": "1"})
    cloud.client("sqs").create_queue(QueueName="long")
    given = {"EventSourceArn": _ARN.format("long"), "FunctionName": "test-taker", **options}
    with pytest.raises(ClientError, match=message) as caught:
        cloud.functions.create_event_source_mapping(**given)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_the_same_mapping_twice_is_a_conflict(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError, match="Please update or delete the existing mapping with UUID") as caught:
        cloud.functions.create_event_source_mapping(
            EventSourceArn=_ARN.format("test-orders"), FunctionName="test-taker"
        )
    assert caught.value.response["Error"]["Code"] == "ResourceConflictException"


def test_one_who_waits_for_a_message_holds_nobody_up_and_gets_it_when_it_comes(cloud: CloudProcess) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="waited")["QueueUrl"]
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(cloud.client("sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        cloud.dynamodb.list_tables()
        assert not waiting.done()
        _send(cloud, "waited", {"key": "a"})
        assert len(waiting.result(timeout=15)["Messages"]) == 1


def test_messages_survive_a_kill_each_in_its_state(tmp_path: Path) -> None:
    first = start_cloud(tmp_path)
    queue = first.client("sqs").create_queue(QueueName="kept", Attributes={"VisibilityTimeout": "300"})
    _send(first, "kept", {"key": "deleted"}, {"key": "hidden"}, {"key": "waiting"})
    sqs = first.client("sqs")
    received = sqs.receive_message(QueueUrl=queue["QueueUrl"], MaxNumberOfMessages=2)["Messages"]
    handles = {json.loads(one["Body"])["key"]: one["ReceiptHandle"] for one in received}
    sqs.delete_message(QueueUrl=queue["QueueUrl"], ReceiptHandle=handles["deleted"])
    _send(first, "test-orders", {"group": "killed", "key": "slow", "sleep": 60})
    wait_for(lambda: _taken(first, "killed"))
    first.stop(signal.SIGKILL)

    second = start_cloud(tmp_path)
    try:
        kept = _url(second, "kept")
        sqs = second.client("sqs")
        (again,) = sqs.receive_message(QueueUrl=kept, MaxNumberOfMessages=10)["Messages"]
        assert json.loads(again["Body"]) == {"key": "waiting"}
        sqs.delete_message(QueueUrl=kept, ReceiptHandle=handles["hidden"])
        assert _count(second, "kept") == 1
        wait_for(lambda: "slow#2" in _taken(second, "killed"))
        wait_for(lambda: _count(second, "test-orders") == 0)
    finally:
        second.stop()
