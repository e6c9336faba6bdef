"""The Lambda entry of recorder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.recorder.express_recording import record_log
from functions.recorder.recording import Recorder, record
from layers.runtime.clients import open_bus, open_queue, open_step_functions, open_store
from layers.runtime.endings import Endings
from layers.runtime.executions import utc_now
from layers.runtime.observability import logger
from layers.runtime.settings import Settings


@cache
def recorder() -> Recorder:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    store = open_store(settings)
    starts = open_queue(settings.required("starts_queue"))
    endings = Endings(store, open_bus(), settings.required("bus"), starts, utc_now)
    return Recorder(store, open_step_functions(), utc_now, endings)


def handler(event: Mapping[str, Any], context: object) -> None:
    """Takes an EventBridge event or lines of a log; what it raises makes either be delivered again."""
    del context
    if "awslogs" in event:
        logger().info("log read", extra={"outcomes": dict(record_log(event, recorder()))})
        return
    outcome = record(event, recorder())
    logger().info(outcome, extra={"execution": event["detail"]["executionArn"]})
