"""The Lambda entry of bulk."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.bulk.starting import start_one
from layers.runtime.clients import open_step_functions, open_store
from layers.runtime.executions import Starter, utc_now
from layers.runtime.json_value import JsonValue
from layers.runtime.objects import open_objects
from layers.runtime.settings import Settings


@cache
def starter() -> Starter:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    return Starter(
        open_store(settings), open_step_functions(), utc_now, secrets.token_bytes, open_objects(settings)
    )


def handler(event: Mapping[str, Any], context: object) -> dict[str, JsonValue]:
    """Starts the run of one item, `{"bulk", "index", "item"}`, of the machine `bulk`."""
    del context
    return start_one(starter(), str(event["bulk"]), int(event["index"]), event["item"])
