"""What an execution and the children of its Map Runs share: one clock, one queue, one list of tasks."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from translator.expressions.evaluator import Ambient
from translator.interpreter.timers import Timers

if TYPE_CHECKING:
    from translator.interpreter.engine import Engine, Step
    from translator.interpreter.frame import Frame
    from translator.interpreter.pending import Pending
    from translator.interpreter.request import TaskRequest

Gate: TypeAlias = "Callable[[Engine, Frame, Step | None], bool]"


class Loop:
    """The time is `now`, in epoch seconds; it never goes back.

    `gate`, where somebody steps through the run, is asked before each turn and may let nothing go on: true
    leaves the turn for the next call of `Execution.advance`.
    """

    __slots__ = ("ambient", "gate", "generator", "new_requests", "now", "pending", "ready", "timers")

    def __init__(self, now: float, seed: int) -> None:
        self.generator = random.Random(seed)  # noqa: S311 (jitter and $random, no secrets)
        self.timers = Timers()
        self.ready: deque[tuple[Engine, Frame, Step | None]] = deque()
        self.pending: dict[str, Pending] = {}
        self.new_requests: list[TaskRequest] = []
        self.gate: Gate | None = None
        self.set_now(now)

    def set_now(self, now: float) -> None:
        """Move the clock."""
        self.now = now
        self.ambient = Ambient(round(now * 1000), self.generator)
