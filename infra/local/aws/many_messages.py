"""moto's queues as they must be for many messages: what each request asks of a message costs no calendar.

moto counts all messages of a queue for each one that is sent or received, asks for the date twice for each
message that it looks at, and keeps the handles of all that it has ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, Final

from infra.local.aws.repeatable import now

_COUNTING: Final[ContextVar[bool]] = ContextVar("counting", default=False)
_MOST_DELETED: Final = 5000
"""Handles that are remembered, so that deleting twice is no error; then they are forgotten together."""


@cache
def install() -> None:
    """Puts the faster ways into moto, once for the process."""
    from moto.sqs import models  # noqa: PLC0415 - at the first cloud only
    from moto.sqs.exceptions import ReceiptHandleIsInvalid  # noqa: PLC0415

    told = models.SQSBackend.get_queue_attributes

    @wraps(told)
    def get_queue_attributes(self: Any, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
        wanted = any(name == "All" or name.startswith("Approximate") for name in attribute_names)
        with _counting(wanted):
            return told(self, queue_name, attribute_names)

    def is_retained(self: Any, queue_name: str, message: Any) -> bool:
        seconds = self.get_queue(queue_name).message_retention_period
        return bool(message.sent_timestamp / 1000 + seconds > now())

    def delete_message(self: Any, receipt_handle: str) -> None:
        if receipt_handle not in self.deleted_messages and not _delete(self, receipt_handle):
            raise ReceiptHandleIsInvalid

    patched: Any = models
    patched.unix_time, patched.unix_time_millis = now, _milliseconds
    patched.SQSBackend.get_queue_attributes = get_queue_attributes
    patched.SQSBackend.is_message_valid_based_on_retention_period = is_retained
    patched.Queue.delete_message = delete_message
    patched.Queue.messages = property(_ready)
    patched.Queue.approximate_number_of_messages = property(lambda queue: _count(queue, _is_ready))
    patched.Queue.approximate_number_of_messages_delayed = property(lambda queue: _count(queue, _is_delayed))
    patched.Queue.approximate_number_of_messages_not_visible = property(
        lambda queue: _count(queue, _is_hidden)
    )


@contextmanager
def _counting(wanted: bool) -> Iterator[None]:
    token = _COUNTING.set(wanted)
    try:
        yield
    finally:
        _COUNTING.reset(token)


def _count(queue: Any, fits: Any) -> int:
    """How many messages fit, where somebody asks for it; moto reads all attributes for one of them."""
    if not _COUNTING.get():
        return 0
    moment = _milliseconds()
    return sum(fits(message, moment) for message in queue._messages)


def _ready(queue: Any) -> list[Any]:
    moment = _milliseconds()
    return [message for message in queue._messages if _is_ready(message, moment)]


def _is_ready(message: Any, moment: float) -> bool:
    return bool(message.visible_at < moment >= message.delayed_until)


def _is_delayed(message: Any, moment: float) -> bool:
    return bool(message.delayed_until > moment)


def _is_hidden(message: Any, moment: float) -> bool:
    return bool(message.visible_at >= moment)


def _delete(queue: Any, handle: str) -> bool:
    for place, message in enumerate(queue._messages):
        if message.receipt_handle == handle or handle in message._old_receipt_handles:
            queue.pending_messages.discard(message)
            if len(queue.deleted_messages) >= _MOST_DELETED:
                queue.deleted_messages.clear()
            queue.deleted_messages.update(message.all_receipt_handles)
            del queue._messages[place]
            return True
    return False


def _milliseconds() -> float:
    return now() * 1000
