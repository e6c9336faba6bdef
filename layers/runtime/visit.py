"""One stay of an execution in one state, as its history tells it, and the iterations around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from layers.runtime.item_label import told_of

Raised: TypeAlias = tuple[str | None, str | None]
"""Error and cause."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a Task; `error` is None on success and while it is under way."""

    started_at: datetime
    ended_at: datetime | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration of a Map."""

    state: str
    """The Map."""
    index: int | None
    """From 0; None where the history does not tell it."""
    item: str | None
    """What to call the item: itself if it is a text, a number or a truth value, else its id, name or key."""


@dataclass(slots=True)
class Visit:
    """One stay in one state, completed while its events are read."""

    state: str
    kind: str
    """The ASL type of the state: `Task`, `Pass`, `Parallel`, …"""
    entered_at: datetime
    container: Visit | None
    """The Parallel or Map around it."""
    entered_by: int = 0
    """The id of the event with which it began."""
    exited_by: int | None = None
    """The id of the event with which the state was left, None of one that was not left in order."""
    input: str | None = None
    ended_at: datetime | None = None
    cancelled: bool = False
    failure: tuple[str | None, str | None] | None = None
    """Error and cause of what went wrong last, unless it was tried again."""
    failed_within: tuple[str | None, str | None] | None = None
    """Error and cause of what made a Parallel or Map fail."""
    raised: Raised | None = None
    """Error and cause of a Fail, once its scope's end has told them."""
    failed_by_state: Visit | None = None
    """The Fail inside it that made a Parallel or Map fail; its own event tells no error."""
    latest: int = 0
    """The id of the last event that was the state's own."""
    lane: int = 0
    """The event with which the innermost iteration around it began; 0 outside of iterations."""
    iterations: tuple[Iteration, ...] = ()
    """The iterations of Maps around it, outermost first."""
    execution: int = 0
    runs_part: bool = False
    """Whether it only waits for another execution of the same history."""
    failed_by: int = 0
    """The id of the event that tells of an expression that failed."""
    failed_at: str | None = None
    """The field of the state with that expression."""
    attempts: list[Attempt] = field(default_factory=list)
    parameters: str | None = None
    """JSON text of what the Task was called with."""
    result: str | None = None
    """JSON text of what the Task answered, before the state's own `Output`."""
    output: str | None = None
    assigned: Mapping[str, str] = field(default_factory=dict)

    def tell_what_failed(self, error: str | None, cause: str | None) -> None:
        """Notes what a Parallel or Map failed with, where a Fail inside it did that."""
        if self.failed_by_state is not None:
            self.failed_within = self.failed_by_state.raised = (error, cause)

    def is_within(self, container: Visit) -> bool:
        """Whether the state lies inside the Parallel or Map, at any depth."""
        around = self.container
        while around is not None and around is not container:
            around = around.container
        return around is container


@dataclass(frozen=True, slots=True)
class Begun:
    """An iteration of which no state has been entered yet."""

    map: Visit
    index: int | None

    def around(self, given: str | None) -> tuple[Iteration, ...]:
        """The iterations around its first state, which is given its item."""
        index, item, is_one = told_of(given, self.index)
        own = (Iteration(self.map.state, index, item),) if is_one else ()
        return (*self.map.iterations, *own)
