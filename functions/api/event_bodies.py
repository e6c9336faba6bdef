"""What callers of the routes about events send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from functions.api.bodies import SentModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=256)]
ReplayName = Annotated[str, StringConstraints(pattern=r"^[.A-Za-z0-9_-]{1,40}$")]


class SentEvent(SentModel):
    """An event for the project's bus."""

    source: Text
    type: Text
    """EventBridge's `detail-type`."""
    detail: dict[str, Any] = Field(default_factory=dict)
    time: datetime | None = None
    """By default now."""


class SentReplay(SentModel):
    """A time window, and who is to be given its events again."""

    workflows: Annotated[list[str], Field(min_length=1, max_length=100)]
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    name: ReplayName | None = None
