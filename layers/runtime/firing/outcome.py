"""What became of a firing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Started:
    """It has started a run, or the same firing had started it before."""

    run: str
    is_new: bool


RefusalCode: TypeAlias = Literal[
    "workflow_not_active", "workflow_paused", "trigger_gone", "calendar_closed", "missed", "overlap", "no_key"
]


@dataclass(frozen=True, slots=True)
class Refused:
    """It starts nothing, for good; `code` is a RefusalCode or that of the problem that a request has."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """It goes back into the queue, to be looked at again no earlier than `until`."""

    until: datetime
    reason: Literal["jitter", "calendar_closed", "overlap"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """It has been taken in, and starts nothing by itself."""

    why: str


Outcome: TypeAlias = Started | Refused | Postponed | Gathered


def refused(code: RefusalCode, detail: str) -> Refused:
    """A refusal by what a definition says."""
    return Refused(code, detail)
