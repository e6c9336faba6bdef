"""The Lambda entry of webhook."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from functions.webhook.answering import Answering, Patience
from functions.webhook.reception import Reception, receive
from functions.webhook.tally import Tally
from layers.runtime.answers import Answer, problem_answer
from layers.runtime.clients import open_secrets, open_step_functions, open_store, open_synchronous
from layers.runtime.errors import RuntimeProblemError, unexpected
from layers.runtime.executions import Starter, utc_now
from layers.runtime.objects import open_objects
from layers.runtime.observability import logger
from layers.runtime.settings import Settings


@cache
def reception() -> Reception:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    starter = Starter(
        open_store(settings), open_step_functions(), utc_now, secrets.token_bytes, open_objects(settings)
    )
    patience = Patience(time.monotonic, time.sleep)
    return Reception(
        Answering(starter, open_synchronous, Tally(starter.store, utc_now), patience),
        lambda name: open_secrets(settings, time.monotonic).value(name),
    )


def handler(event: Mapping[str, Any], context: object) -> Answer:
    """Answers an HTTP API request (payload 2.0) to `/webhooks/{path}`."""
    del context
    return answer(event, reception)


def answer(event: Mapping[str, Any], open_reception: Callable[[], Reception]) -> Answer:
    """The answer of a request, also of one that fails."""
    try:
        return receive(event, open_reception())
    except RuntimeProblemError as error:
        logger().warning(
            "webhook refused", extra={"code": error.problem.code, "detail": error.problem.detail}
        )
        return problem_answer(error.problem)
    except Exception as error:
        logger().exception("webhook failed")
        return problem_answer(unexpected(error))
