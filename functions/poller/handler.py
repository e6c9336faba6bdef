"""The Lambda entry of poller."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.poller.asking import ask, evaluate
from functions.poller.polling import Poller, poll
from layers.runtime.clients import open_queue, open_store
from layers.runtime.executions import utc_now
from layers.runtime.firing.message import named_in, read_firing
from layers.runtime.observability import logger
from layers.runtime.settings import Settings


@cache
def poller() -> Poller:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    starts = open_queue(settings.required("starts_queue"))
    return Poller(open_store(settings), starts, ask, evaluate, utc_now)


def handler(event: Mapping[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Takes messages of the queue `polls`; answers which of them are to be delivered again."""
    del context
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        about = {"message_id": record["messageId"], "poll": named_in(str(record["body"]))}
        try:
            sent = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
            outcome = poll(poller(), read_firing(record["body"], sent))
        except Exception as error:
            logger().error("polling failed", exc_info=error, extra=about)
            failed.append({"itemIdentifier": str(record["messageId"])})
        else:
            logger().info(outcome, extra=about)
    return {"batchItemFailures": failed}
