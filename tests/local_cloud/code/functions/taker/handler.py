"""A function with a queue as its source: writes each batch down, and fails on what it is told to."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import boto3

_put = boto3.client("dynamodb").put_item  # made while the function begins, which its timeout does not count


def handler(event: dict[str, Any], context: Any) -> Any:
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    for record, body in zip(event["Records"], bodies, strict=True):
        tries = record["attributes"]["ApproximateReceiveCount"]
        _put(
            TableName=os.environ["TABLE"],
            Item={
                "pk": {"S": f"taken#{body['group']}"},
                "sk": {"S": f"{body['key']}#{tries}"},
                "batch": {"S": context.aws_request_id},
                "event": {"S": json.dumps(record)},
            },
        )
    for record, body in zip(event["Records"], bodies, strict=True):
        if record["attributes"]["ApproximateReceiveCount"] == "1":
            time.sleep(body.get("sleep", 0))
        if body.get("raise"):
            raise ValueError(body["key"])
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record, body in zip(event["Records"], bodies, strict=True)
        if body.get("fail")
    ]
    return {"batchItemFailures": failed}
