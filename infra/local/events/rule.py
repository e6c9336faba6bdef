"""A rule as the local bus uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` is the JSON text of its pattern, None for one by schedule; `targets` are PutTargets'."""

    name: str
    arn: str
    bus: str
    pattern: str | None
    schedule: str | None
    targets: tuple[Mapping[str, Any], ...]
