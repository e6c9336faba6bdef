"""One run that can stand at any of its points: forward by going on, back by repeating it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial

from translator.debugger.answers import Answered, Answers
from translator.debugger.drive import Drive, Standing
from translator.debugger.edges import port_of
from translator.debugger.edits import Edit, apply
from translator.debugger.errors import DebuggerError, NoSuchPointError, NotAnsweredError
from translator.debugger.expression import Question, question
from translator.debugger.node_run import NodeRun
from translator.debugger.program import Program
from translator.debugger.recording.following import Following
from translator.debugger.trace import Trace
from translator.debugger.values import Values
from translator.expressions.evaluator import Nothing
from translator.interpreter import Execution
from translator.interpreter.history import Event
from translator.json_value import JsonValue
from translator.node_type import Choosing

Launch = Callable[[], Execution]
"""Makes the execution anew, always the same."""


@dataclass(frozen=True)
class Passed:
    """What happened on the way to the next point: runs that ended, calls that were answered."""

    ended: tuple[NodeRun, ...] = ()
    answered: tuple[Answered, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """All that can be known of a point; two of one point are equal however one came there."""

    point: int
    at: str | None
    """The state that comes next, None at the run's end."""
    now: float
    history: tuple[Event, ...]
    values: Mapping[str, JsonValue]
    variables: Mapping[str, JsonValue]
    runs: tuple[tuple[str, str], ...]
    """The nodes whose runs have ended, with how, in that order."""


class Traveller:
    """The run is deterministic, and what it was answered stands in a journal: so repeating it is no risk."""

    def __init__(
        self, program: Program, launch: Launch, answers: Answers, following: Following | None = None
    ) -> None:
        self.following = following
        self.program = program
        self.answers = answers
        self.edits: list[Edit] = []
        self.furthest = 1
        """The last point where the run has been since it was last changed."""
        self._launch = launch
        answers.on_new_way = self._part
        self.begin()

    @property
    def point(self) -> int:
        """The number of the point at which the run stands, from 1."""
        return self.drive.point

    @property
    def has_ended(self) -> bool:
        """Whether the point is the run's end."""
        return self.drive.has_ended

    @property
    def execution(self) -> Execution:
        """The run as far as this point."""
        return self.drive.execution

    @property
    def standing(self) -> Standing:
        """The line of control that goes on next; the run's own where it has ended."""
        engine = self.execution.engine
        return self.drive.standing or Standing(engine, engine, engine.root)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose work comes next; none at the end, or where a state only serves the machine."""
        return () if self.has_ended else self.program.nodes_of(self.standing.state)

    def values(self, run: NodeRun | None = None) -> Values:
        """The values at this point, or at the end of a node's run on the way here."""
        whole = self.answers.outside.values.whole
        if run is None:
            return Values(self.program, self.trace, self.standing, whole)
        standing = Standing(self.execution.engine, run.engine, run.frame)
        return Values(self.program, self.trace, standing, whole, run.node)

    def evaluate(self, text: str) -> JsonValue | Nothing:
        """The value of an expression at this point; raises ExpressionError, UnknownNameError."""
        asked = question(text, self.program)
        return asked.ask(self.values().all(asked.names), self.execution.now, self._inside)

    def is_true(self, asked: Question, run: NodeRun | None = None) -> bool:
        """Whether a condition holds at this point, or at the end of a node's run; raises ExpressionError."""
        return asked.is_true(self.values(run).all(asked.names), self.execution.now, self._inside)

    @cached_property
    def _inside(self) -> Mapping[str, str]:
        return {node.id: node.parent for node in self.program.nodes.values() if node.parent is not None}

    def snapshot(self) -> Snapshot:
        """This point, to be compared with others."""
        standing, execution = self.standing, self.execution
        return Snapshot(
            self.point,
            None if self.has_ended else standing.state,
            execution.now,
            tuple(execution.history),
            self.values().all(),
            dict(standing.frame.variables),
            tuple((run.node, run.status) for run in self.trace.ended),
        )

    def snapshot_at(self, point: int) -> Snapshot:
        """Another point where the run has been; raises NoSuchPointError."""
        here = self.point
        if not 1 <= point <= self.furthest:
            raise NoSuchPointError(
                f"the run has not been at point {point}", f"it has been at 1 to {self.furthest}"
            )
        self.rewind(point)
        found = self.snapshot()
        self.rewind(here)
        return found

    def begin(self) -> None:
        """To the first point, of a new execution."""
        self.trace = Trace(self.program)
        self._noted = 0
        self.node_points: list[int] = []
        """The points on the way here at which a node comes next."""
        execution = self._launch()
        self.answers.clock = lambda: execution.now
        self.drive = Drive(execution, self.answers, self.trace.note)
        if self.following is not None:
            self.following.begin()
            self.drive.horizon, self.drive.pass_horizon = self.following.horizon, self.following.pass_horizon
        self.drive.begin()
        self._arrive()

    def forward(self) -> Passed:
        """One point on; where a call is not answered, or interrupted, the run stands where it stood."""
        before, ended = self.point, len(self.trace.ended)
        try:
            self.repeat()
        except BaseException:
            self.answers.cut(before)
            self.rewind(before)
            self.answers.take()
            raise
        self.furthest = max(self.furthest, self.point)
        return Passed(tuple(self.trace.ended[ended:]), tuple(self.answers.take()))

    def repeat(self) -> None:
        """One point on, where the run has been before."""
        self.drive.forward()
        self._arrive()

    def rewind(self, point: int) -> None:
        """To a point where the run has been, before this one or after it."""
        with self.repeating():
            self.begin()
            while self.point < point:
                self.repeat()

    @contextmanager
    def repeating(self) -> Iterator[None]:
        """While the run only goes where it has been, nothing is asked of the outside."""
        self.answers.replaying = True
        try:
            yield
        finally:
            self.answers.replaying = False

    def fork(self) -> bool:
        """Leaves the recorded way at this point; false where there is none.

        Raises NotAnsweredError, and follows on, where a call that was under way then would not be answered.
        """
        if self.following is None or self.following.until is not None:
            return False
        recording, journal = self.answers.recording, dict(self.answers.journal)
        here = self.following.until = self.point
        self.answers.detach()
        try:
            self.rewind(here)
        except NotAnsweredError:
            self.following.until, self.answers.recording, self.answers.journal = None, recording, journal
            self.rewind(here)
            raise
        self.cut()
        return True

    def cut(self) -> None:
        """What comes after this point comes anew."""
        self.answers.cut(self.point)
        self.furthest = self.point
        self._part(self.point)

    def _part(self, point: int) -> None:
        """Behind a point the run goes another way than the one that was edited, or recorded."""
        self.edits = [each for each in self.edits if each.point <= point]
        if self.following is not None and self.following.until is not None:
            self.following.until = min(self.following.until, point)

    def _arrive(self) -> None:
        self.trace.point = self.point
        if self.nodes:
            self.node_points.append(self.point)
        if self.following is not None:
            self.following.arrive(self.execution, self.point)
        self._note_ports()
        for edit in self.edits:
            if edit.point == self.point and not self.has_ended:
                apply(edit, self.values())

    def _note_ports(self) -> None:
        """What a condition came to is the port that it took, which the machine only tells who reads it."""
        for run in self.trace.ended[self._noted :]:
            lowering = self.program.flow[run.node].lowering if run.node in self.program.flow else None
            if isinstance(lowering, Choosing) and run.status == "succeeded" and not run.has_output:
                run.output = {"port": port_of(self.program, run.node, partial(self._holds, run))}
                run.has_output = True
                self.trace.outputs.setdefault(run.frame, {})[run.node] = run.output
        self._noted = len(self.trace.ended)

    def _holds(self, run: NodeRun, condition: str) -> bool:
        try:
            return self.is_true(question(condition, self.program), run)
        except DebuggerError:
            return False
