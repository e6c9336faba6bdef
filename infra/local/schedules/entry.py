"""A schedule as the firing clock uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from translator.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Entry:
    """One enabled schedule.

    `version` differs when anything about it has changed; `window_seconds` is its flexible time window;
    `passes_on`: an event rule, whose targets get a "Scheduled Event" instead of an input of their own.
    """

    arn: str
    name: str
    version: str
    schedule: Schedule
    targets: tuple[Mapping[str, Any], ...]
    window_seconds: float = 0.0
    deletes_itself: bool = False
    passes_on: bool = False
    group: str = "default"
