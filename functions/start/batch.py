"""Fires a batch of messages one by one; those that fail are delivered again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from layers.runtime.firing.fire import Platform, fire
from layers.runtime.firing.message import read_firing
from layers.runtime.firing.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one message: an outcome, or the error that leaves it in the queue."""

    message: str
    body: str
    outcome: Outcome | None
    error: Exception | None = None


def fire_all(
    records: Sequence[Mapping[str, Any]], open_platform: Callable[[], Platform]
) -> tuple[Handled, ...]:
    """Fires the messages of an SQS event; a failure of one leaves the others alone."""
    return tuple(_fire_one(record, open_platform) for record in records)


def failures(handled: Sequence[Handled]) -> dict[str, list[dict[str, str]]]:
    """The answer that leaves failed messages in the queue (AWS: partial batch responses)."""
    return {
        "batchItemFailures": [{"itemIdentifier": one.message} for one in handled if one.error is not None]
    }


def _fire_one(record: Mapping[str, Any], open_platform: Callable[[], Platform]) -> Handled:
    message, body = str(record["messageId"]), str(record["body"])
    try:
        sent = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
        return Handled(message, body, fire(open_platform(), read_firing(body, sent)))
    except Exception as error:
        return Handled(message, body, None, error)
