"""How whoever does a task tells the execution what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.states.record import Started
from translator.interpreter import Outcome, TaskRequest
from translator.json_value import JsonValue

Done = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """All may be called from any thread; what nobody waits for any more is ignored.

    `scheduled` says that an activity has got the task, or with a text why there is none, and `begun` that a
    worker has it, which is false where nobody waits for that any more; call `begun` in any thread but the
    scheduler's. `submitted` says that a task that ends later has been taken on, with the answer to that;
    `when_gone` has a function called in the scheduler's thread as soon as nobody waits for the task any more.
    """

    done: Done
    submitted: Callable[[JsonValue], None]
    when_gone: Callable[[Callable[[], None]], None]
    scheduled: Callable[[str | None], None] = lambda _refusal: None
    begun: Callable[[str | None], bool] = lambda _worker: False


Dispatch = Callable[[Started, TaskRequest, Reply], None]
"""Sends a task to whoever does it; in the scheduler's thread, and again after a restart."""
