"""One run of one node, as the debugger knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.interpreter.engine import Engine
from translator.interpreter.frame import Frame
from translator.json_value import JsonValue


@dataclass(slots=True)
class NodeRun:
    """One run of one node; `began` and `ended` are numbers of points."""

    node: str
    state: str
    engine: Engine
    frame: Frame
    began: int
    started_at: float
    status: str = "running"
    """running, succeeded, failed; what is still running when its line of control has ended is cancelled."""
    ended: int | None = None
    ended_at: float | None = None
    output: JsonValue = None
    has_output: bool = False
    """Whether the machine told what the output is."""
    error: str | None = None
    cause: str | None = None
    request: str | None = None
    """The id of the last call that it made."""
    attempts: list[tuple[str | None, str | None]] = field(default_factory=list)
    """Error and cause of the attempts that failed and were made again."""
