"""moto's queues with the faster ways of the local cloud, held to what SQS does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local.aws.many_messages import install

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    install()
    with mock_aws():
        yield boto3.client("sqs", region_name="us-east-1")


def _counts(sqs: Any, url: str, *names: str) -> list[int]:
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names or ["All"])["Attributes"]
    return [int(told[name]) for name in _COUNTS]


def test_messages_are_counted_by_what_they_wait_for(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="counted")["QueueUrl"]
    for delay in (0, 0, 0, 900):
        sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=delay)
    (received,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert _counts(sqs, url) == _counts(sqs, url, *_COUNTS) == [2, 1, 1]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])
    assert _counts(sqs, url) == [2, 1, 0]


def test_deleting_twice_is_no_error_and_an_unknown_handle_is(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="twice")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    for _ in range(2):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    with pytest.raises(ClientError) as caught:
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nothing")
    assert caught.value.response["Error"]["Code"] == "ReceiptHandleIsInvalid"


def test_a_message_received_again_is_deleted_by_an_older_handle_too(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="again")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    first = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first, VisibilityTimeout=0)
    assert sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first)
    assert _counts(sqs, url) == [0, 0, 0]


def test_ten_of_many_messages_are_received_at_once(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="many")["QueueUrl"]
    entries = [{"Id": str(place), "MessageBody": "x"} for place in range(10)]
    for _ in range(30):
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert len({message["MessageId"] for message in messages}) == 10
    assert _counts(sqs, url) == [290, 0, 10]
