"""The Lambda entry of start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.start.batch import failures, fire_all
from functions.start.evaluation import evaluate
from layers.runtime.clients import open_queue, open_step_functions, open_store
from layers.runtime.executions import Starter, utc_now
from layers.runtime.firing.fire import Platform
from layers.runtime.firing.message import named_in
from layers.runtime.firing.outcome import Refused
from layers.runtime.objects import open_objects
from layers.runtime.observability import logger
from layers.runtime.settings import Settings


@cache
def platform() -> Platform:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    starter = Starter(
        open_store(settings), open_step_functions(), utc_now, secrets.token_bytes, open_objects(settings)
    )
    return Platform(starter, open_queue(settings.required("starts_queue")), evaluate)


def handler(event: Mapping[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Takes messages of the queue `starts`; answers which of them are to be delivered again."""
    del context
    handled = fire_all(event["Records"], platform)
    for one in handled:
        about = {"message_id": one.message, "firing": named_in(one.body), "outcome": repr(one.outcome)}
        if one.error is not None:
            logger().error("firing failed", exc_info=one.error, extra=about)
        elif isinstance(one.outcome, Refused):
            logger().warning("firing refused", extra=about)
        else:
            logger().info("fired", extra=about)
    return failures(handled)
