"""A function that writes each event it gets to the table, and fails as often as it is told to."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3

_TABLE = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: Any) -> None:
    detail = event.get("detail", {})
    key = {"pk": {"S": f"event#{detail.get('executionArn', detail.get('key', event.get('key')))}"}}
    _TABLE.update_item(
        TableName=os.environ["TABLE"],
        Key={**key, "sk": {"S": detail.get("status", "put")}},
        UpdateExpression="SET #event = :event ADD tries :one",
        ExpressionAttributeNames={"#event": "event"},
        ExpressionAttributeValues={":event": {"S": json.dumps(event)}, ":one": {"N": "1"}},
    )
    if event.get("fail") or detail.get("fail"):
        raise RuntimeError("told to fail")
