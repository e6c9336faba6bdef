"""The Lambda entry of sweep."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Protocol

from layers.runtime.admission.launch import Admission
from layers.runtime.admission.sweep import sweep
from layers.runtime.clients import open_step_functions, open_store
from layers.runtime.executions import utc_now
from layers.runtime.observability import logger
from layers.runtime.settings import Settings

_TO_SPARE_MILLISECONDS: Final = 5_000


class Context(Protocol):
    """The part of Lambda's context object that is used."""

    def get_remaining_time_in_millis(self) -> int:
        """How long this invocation may still run."""


@cache
def admission() -> Admission:
    """What this warm instance works with."""
    return Admission(open_store(Settings.from_environment(os.environ)), open_step_functions(), utc_now)


def handler(event: Mapping[str, Any], context: Context) -> None:
    """Looks at the slots that are due; what it does not get to is the first that the next one looks at."""
    del event
    swept = sweep(admission(), lambda: context.get_remaining_time_in_millis() < _TO_SPARE_MILLISECONDS)
    if swept.errors:
        logger().error("slots were not looked at", extra={"groups": swept.errors})
    if swept.groups:
        logger().info("swept", extra={"groups": swept.groups, "freed": swept.freed})
