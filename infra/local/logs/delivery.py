"""Answers what concerns subscriptions, and delivers what is written to a subscribed log group."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from infra.local.functions.asynchronous import AsynchronousInvocations
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.logs.service_error import LogsError
from infra.local.logs.subscriptions import Subscription, Subscriptions
from infra.local.names import ACCOUNT

_LOG: Final = logging.getLogger(__name__)
_TARGET: Final = "Logs_20140328."
_PUT: Final = f"{_TARGET}PutLogEvents"
_CONTENT_TYPE: Final = "application/x-amz-json-1.1"
_MOST_BYTES: Final = 700_000
"""Of one delivery's data in base64: asynchronous invocations take 1 MB (AWS: Lambda quotas)."""


@dataclass(frozen=True, slots=True)
class LogDelivery:
    """Gives written events to the functions that are subscribed: compressed and in base64, as the service."""

    subscriptions: Subscriptions
    functions: Functions
    asynchronous: AsynchronousInvocations

    def answer(self, request: Request) -> Response | None:
        """The answer to a request about subscriptions; None to any other."""
        target = request.headers.get("X-Amz-Target", "").removeprefix(_TARGET)
        operation = self.subscriptions.operations().get(target)
        if operation is None:
            return None
        try:
            return _response(200, operation(json.loads(request.get_data())))
        except LogsError as error:
            return _response(400, {"__type": error.code, "message": error.message})

    def after(self, request: Request) -> None:
        """Deliver the events of a PutLogEvents that was done; returns when each delivery is on disk."""
        if request.headers.get("X-Amz-Target", "") != _PUT:
            return
        written = json.loads(request.get_data())
        group, stream = str(written["logGroupName"]), str(written["logStreamName"])
        for subscription in self.subscriptions.of(group):
            function = self._function(subscription)
            if function is None:
                continue
            for data in _compressed(subscription, stream, written["logEvents"]):
                payload = json.dumps({"awslogs": {"data": data}}).encode()
                identity = f"log-{hashlib.sha256(payload).hexdigest()[:32]}"
                self.asynchronous.accept(identity, function, payload)

    def _function(self, subscription: Subscription) -> str | None:
        try:
            return self.functions.find(subscription.function).program.name
        except FunctionNotFoundError:
            _LOG.warning('"%s" leads to %s, which is gone', subscription.group, subscription.function)
            return None


def _compressed(
    subscription: Subscription, stream: str, events: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """In halves until each fits."""
    message = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": subscription.group,
        "logStream": stream,
        "subscriptionFilters": [subscription.name],
        "logEvents": [{"id": _identity(stream, event), **event} for event in events],
    }
    packed = gzip.compress(json.dumps(message, ensure_ascii=False).encode(), mtime=0)
    data = base64.b64encode(packed).decode()
    if len(data) <= _MOST_BYTES or len(events) == 1:
        yield data
        return
    middle = len(events) // 2
    yield from _compressed(subscription, stream, events[:middle])
    yield from _compressed(subscription, stream, events[middle:])


def _identity(stream: str, event: Mapping[str, Any]) -> str:
    """A number of 56 digits, the same for the same event."""
    content = f"{stream}\0{event['timestamp']}\0{event['message']}"
    return str(int(hashlib.sha256(content.encode()).hexdigest(), 16) % 10**56).zfill(56)


def _response(status: int, body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body), status, content_type=_CONTENT_TYPE)
