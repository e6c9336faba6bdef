"""The answers about runs that wait for a slot."""

from __future__ import annotations

from pydantic import BaseModel


class QueuedRun(BaseModel):
    """A run that waits until fewer runs with its key are under way; `key` is JSON text, `*` without one."""

    run: str
    key: str
    priority: int
    waiting_since: str


class QueuedRunList(BaseModel):
    """One page of runs that wait, the next to begin first."""

    items: list[QueuedRun]
    cursor: str | None


class DeadStartView(BaseModel):
    """A run that could not be started, and why."""

    run: str
    workflow: str
    key: str
    cause: str
    died_at: str


class DeadStartList(BaseModel):
    """One page of runs that could not be started, newest first."""

    items: list[DeadStartView]
    cursor: str | None
