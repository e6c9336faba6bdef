"""Messages as a function is given them, and which of them its answer lets go.

Source: Lambda developer guide, "Using Lambda with Amazon SQS" and "Handling errors for an SQS event source".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.functions.invocation import Outcome
from infra.local.names import REGION

Message = Mapping[str, Any]
"""One message as boto3's receive_message gives it."""


def event_of(messages: Sequence[Message], queue: str) -> bytes:
    """The event of a batch from the queue of that ARN."""
    records = [_record(message, queue) for message in messages]
    return json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=False).encode()


def done_of(messages: Sequence[Message], outcome: Outcome, *, reports_failures: bool) -> list[Message]:
    """The messages that may be deleted; the others come again when they are visible."""
    if outcome.function_error is not None:
        return []
    if not reports_failures:
        return list(messages)
    failed = _failed(outcome.payload, frozenset(message["MessageId"] for message in messages))
    if failed is None:
        return []
    return [message for message in messages if message["MessageId"] not in failed]


def _failed(payload: bytes, known: frozenset[str]) -> frozenset[str] | None:
    """The messages that the function has failed on; None if its answer makes the whole batch fail."""
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        return None
    if answer is None or answer == {}:
        return frozenset()
    if not isinstance(answer, dict):
        return None
    items = answer.get("batchItemFailures", ())
    if items is None:
        return frozenset()
    if not isinstance(items, list) or any(not isinstance(item, dict) for item in items):
        return None if items else frozenset()
    failed = frozenset(item.get("itemIdentifier") for item in items)
    return failed if failed <= known else None


def _record(message: Message, queue: str) -> dict[str, Any]:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes") or {}),
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
        "awsRegion": REGION,
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if value.get("StringValue") is not None:
        given["stringValue"] = value["StringValue"]
    if value.get("BinaryValue") is not None:
        given["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return {**given, "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
