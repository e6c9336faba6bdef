"""The Lambda entry of api."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.api.application import respond
from functions.api.bulk_machine import bulk_machine
from functions.api.event_bus import open_bus
from functions.api.live_runs import LiveRuns
from functions.api.services import Activation, Recording, Services, open_lambda
from layers.runtime.answers import Answer
from layers.runtime.clients import open_redriving, open_step_functions, open_store
from layers.runtime.executions import Starter, utc_now
from layers.runtime.objects import open_objects
from layers.runtime.settings import Settings


@cache
def services() -> Services:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    starter = Starter(
        open_store(settings), open_step_functions(), utc_now, secrets.token_bytes, open_objects(settings)
    )
    return Services(
        starter=starter,
        activation=Activation(open_lambda(), settings.required("activate_function")),
        live_runs=LiveRuns(starter.store, starter.step_functions, time.monotonic),
        redriving=open_redriving(),
        bus=open_bus(settings),
        recording=Recording(open_lambda(), settings.required("recorder_function")),
        bulk=bulk_machine(starter.step_functions, settings),
    )


def handler(event: Mapping[str, Any], context: object) -> Answer:
    """Answers an HTTP API request (payload 2.0) to `/api/…`."""
    return respond(event, context, services)
