"""Drives one execution on virtual time, from one state to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from translator.interpreter import Execution, Outcome, TaskAnswer, TaskRequest
from translator.interpreter.engine import Engine, Step
from translator.interpreter.frame import Frame

Answer: TypeAlias = Callable[[TaskRequest, int], TaskAnswer]
"""The answer to a request that was made on the way on from a point, given by its number."""
Watch: TypeAlias = Callable[[Engine, Frame], None]
"""Is told after each turn whose it was."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of control that stands before a state: `frame`, in the execution of `engine`.

    That is the run itself, `root`, or one that a distributed Map has started for it.
    """

    root: Engine
    engine: Engine
    frame: Frame

    @property
    def is_at_start(self) -> bool:
        """Whether its scope has just begun: what the scope was given is then its input."""
        return not self.frame.entered_id and self.frame.state.name == self.frame.scope.start

    @property
    def state(self) -> str:
        """The state's name."""
        return self.frame.state.name


@dataclass
class Drive:
    """Points are numbered from 1: each is one line of control before one state; the last is the run's end.

    The history that comes of it is the one of `run_virtual` with the same answers. What `answer` raises goes
    through, and then the drive cannot go on.
    """

    execution: Execution
    answer: Answer
    watch: Watch
    horizon: Callable[[], float | None] = lambda: None
    """The time (epoch seconds) behind which nothing is known."""
    pass_horizon: Callable[[Execution], None] = lambda _: None
    """What happens there; it ends the execution or raises."""
    point: int = 0
    standing: Standing | None = None
    _passing: bool = False
    _turn: tuple[Engine, Frame] | None = None
    _answers: list[tuple[float, int, str, Outcome]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.execution.engine.loop.gate = self._gate

    @property
    def has_ended(self) -> bool:
        """Whether the execution has."""
        return self.execution.status != "RUNNING"

    def begin(self) -> None:
        """Goes to the first point."""
        self._settle(self.execution.start())

    def forward(self) -> None:
        """Goes to the next point; does nothing where the run has ended."""
        if self.has_ended:
            return
        self._passing = True
        self.standing = None
        self._settle(self.execution.advance(self.execution.now))

    def _settle(self, requests: Iterable[TaskRequest]) -> None:
        while True:
            self._watch()
            self._submit(requests)
            if self.standing is not None or self.has_ended:
                self.point += 1
                return
            requests = self._next()

    def _submit(self, requests: Iterable[TaskRequest]) -> None:
        for request in requests:
            given = self.answer(request, self.point)
            if given.outcome is not None:
                self._count += 1
                due = self.execution.now + given.seconds
                heapq.heappush(self._answers, (due, self._count, request.id, given.outcome))

    def _next(self) -> Iterable[TaskRequest]:
        timer = self.execution.next_timer()
        horizon = self.horizon()
        if horizon is not None:
            moments = [self._answers[0][0]] if self._answers else []
            if min([*moments, *([] if timer is None else [timer])]) > horizon:
                self.pass_horizon(self.execution)
                return ()
        if self._answers and (timer is None or self._answers[0][0] <= timer):
            due, _, identifier, outcome = heapq.heappop(self._answers)
            return self.execution.complete(identifier, outcome, due)
        assert timer is not None, "an execution under way ends at the latest with its year"
        return self.execution.advance(timer)

    def _gate(self, engine: Engine, frame: Frame, step: Step | None) -> bool:
        self._watch()
        is_visit = step is None and frame.open
        if is_visit and not self._passing:
            self.standing = Standing(self.execution.engine, engine, frame)
            return True
        self._passing = self._passing and not is_visit
        self._turn = (engine, frame)
        return False

    def _watch(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            self.watch(*turn)
