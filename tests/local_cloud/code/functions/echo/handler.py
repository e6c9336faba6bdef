"""A function that does what its event says."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import boto3

_CALLS = {"count": 0}


class OwnError(Exception):
    """An error with a name of its own."""


def handler(event: dict[str, Any], context: Any) -> Any:
    _CALLS["count"] += 1
    action = event.get("do") or event.get("queryStringParameters", {}).get("do", "echo")
    argument = event.get("argument") or event.get("queryStringParameters", {}).get("argument")
    return _ACTIONS[action](argument, event, context)


def _echo(_argument: Any, event: Any, _context: Any) -> Any:
    return event


def _return(argument: Any, _event: Any, _context: Any) -> Any:
    return argument


def _body(_argument: Any, event: Any, _context: Any) -> Any:
    return json.loads(event["body"])


def _raise(argument: Any, _event: Any, _context: Any) -> Any:
    raise OwnError(argument)


def _exit(argument: Any, _event: Any, _context: Any) -> Any:
    os._exit(int(argument))


def _sleep(argument: Any, _event: Any, _context: Any) -> Any:
    time.sleep(float(argument))
    return "slept"


def _environment(_argument: Any, _event: Any, _context: Any) -> Any:
    return dict(os.environ)


def _context(_argument: Any, _event: Any, context: Any) -> Any:
    return {
        "name": context.function_name,
        "arn": context.invoked_function_arn,
        "remaining": context.get_remaining_time_in_millis(),
        "process": os.getpid(),
        "calls": _CALLS["count"],
    }


def _print(argument: Any, _event: Any, _context: Any) -> Any:
    print(argument)  # noqa: T201
    return None


def _put(argument: Any, _event: Any, _context: Any) -> Any:
    table = os.environ["TABLE"]
    item = {"pk": {"S": argument}, "sk": {"S": "x"}}
    return boto3.client("dynamodb").put_item(TableName=table, Item=item)["ResponseMetadata"]["HTTPStatusCode"]


def _large(argument: Any, _event: Any, _context: Any) -> Any:
    return "x" * int(argument)


_ACTIONS = {
    "echo": _echo,
    "return": _return,
    "body": _body,
    "raise": _raise,
    "exit": _exit,
    "sleep": _sleep,
    "environment": _environment,
    "context": _context,
    "print": _print,
    "put": _put,
    "large": _large,
}
