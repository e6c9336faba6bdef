"""What a poll trigger says, read from the JSON of a version."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from layers.runtime.json_value import JsonObject, JsonValue, write_json

_UNITS: Final = {"minute": 60, "hour": 3_600, "day": 86_400}
_RATE: Final = re.compile(r"(\d+)\s+(minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How a trigger asks, and what is new to it."""

    every_seconds: int
    request: JsonObject
    items: str | None
    detect: Literal["key", "hash", "cursor"]
    key: str | None
    cursor: str | None
    is_batch: bool
    fires_first: bool
    max_items: int
    remember_days: int
    timeout_seconds: int

    @property
    def shape(self) -> str:
        """Differs where what was seen before means nothing any more."""
        return digest([self.items, self.detect, self.key, self.cursor])


def settings_of(trigger: JsonObject) -> PollSettings:
    """The settings of a trigger, which the compiler has checked."""
    given: Any = trigger
    rate = _RATE.search(str(given["every"]))
    return PollSettings(
        every_seconds=int(rate[1]) * _UNITS[rate[2]] if rate else 60,
        request=given["request"],
        items=given.get("items"),
        detect=given.get("detect", "key"),
        key=given.get("key"),
        cursor=given.get("cursor"),
        is_batch=given.get("run_per") == "batch",
        fires_first=given.get("first") == "all",
        max_items=given.get("max_items", 100),
        remember_days=given.get("remember_days", 30),
        timeout_seconds=given.get("timeout_seconds", 10),
    )


def digest(value: JsonValue) -> str:
    """Sixteen bytes in hexadecimal, the same for equal JSON."""
    return hashlib.sha256(write_json(_ordered(value)).encode()).hexdigest()[:32]


def _ordered(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(one) for one in value] if isinstance(value, list) else value
