"""A task that somebody outside is doing."""

from __future__ import annotations

from dataclasses import dataclass

from translator.interpreter.frame import Frame
from translator.interpreter.request import TaskRequest


@dataclass(slots=True)
class Pending:
    """The request, who waits for it, and how far it has come."""

    request: TaskRequest
    frame: Frame
    turn: int
    started: bool
    submitted: bool = False
    beats: int = 0

    @property
    def open(self) -> bool:
        """Whether the frame still waits for this very task."""
        return self.frame.open and self.frame.turn == self.turn
