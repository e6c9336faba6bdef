"""Looks into moto's queues; to be called while no request changes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import moto.backends

from infra.local.names import ACCOUNT, REGION

_MILLISECONDS: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a queue holds for one who would receive now."""

    ready: bool
    """Whether a message can be received."""
    next_at: float | None
    """When the next one that is hidden or delayed can be, in epoch seconds."""


def look(name: str, now: float) -> Look | None:
    """A look into a queue at a time; None if there is no such queue."""
    queue = _queues().get(name)
    if queue is None:
        return None
    blocked = _blocked_groups(queue, now)
    next_at: float | None = None
    for message in queue._messages:
        due = max(message.visible_at, message.delayed_until) / _MILLISECONDS
        if due < now and message.group_id not in blocked:
            return Look(ready=True, next_at=None)
        if due >= now:
            next_at = due if next_at is None else min(next_at, due)
    return Look(ready=False, next_at=next_at)


def default_wait(name: str) -> float:
    """For how many seconds a queue lets one wait who does not say it; 0 if there is no such queue."""
    queue = _queues().get(name)
    return float(queue.receive_message_wait_time_seconds) if queue is not None else 0.0


def visibility(name: str) -> int | None:
    """For how many seconds a queue hides what was received; None if there is no such queue."""
    queue = _queues().get(name)
    return None if queue is None else int(queue.visibility_timeout)


def release(names: Iterable[str]) -> None:
    """Let what was received from queues be received again at once."""
    for queue in filter(None, map(_queues().get, names)):
        for message in list(queue.pending_messages):
            message.visible_at = 0.0
        queue.pending_messages.clear()


def _blocked_groups(queue: Any, now: float) -> frozenset[str]:
    if not queue.fifo_queue:
        return frozenset()
    pending = queue.pending_messages
    return frozenset(message.group_id for message in pending if message.visible_at / _MILLISECONDS >= now)


def _queues() -> Any:
    return moto.backends.get_backend("sqs")[ACCOUNT][REGION].queues
