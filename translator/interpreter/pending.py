"""A task that somebody outside is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from translator.interpreter.engine import Engine, Step
from translator.interpreter.frame import Frame
from translator.interpreter.request import Outcome, TaskRequest

Take: TypeAlias = "Callable[[Outcome, Pending, Engine, Frame], bool]"


@dataclass(slots=True)
class Pending:
    """The request, who waits for it, what takes its answer, and how far it has come."""

    request: TaskRequest
    engine: Engine
    frame: Frame
    turn: int
    take: Take
    scheduled: bool = True
    started: bool = True
    submitted: bool = False
    beats: int = 0
    terms: int = 0

    @property
    def open(self) -> bool:
        """Whether the frame still waits for this very task."""
        return self.frame.open and self.frame.turn == self.turn

    def answer(self, outcome: Outcome) -> None:
        """Let the frame take the answer from the outside."""
        step: Step = partial(self.take, outcome, self)
        self.engine.wake(self.frame, step)
