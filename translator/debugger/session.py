"""A debugging session: one run that can be stepped forward and back, looked into, and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from translator.debugger.answers import Answered, Answers, Override
from translator.debugger.breakpoints import Arrival, Breakpoint, Hit, edges_taken, hits
from translator.debugger.drive import Drive, Standing
from translator.debugger.edits import Edit, Target, apply, with_value
from translator.debugger.errors import AnswerError, EditError, NoSuchPointError
from translator.debugger.expression import Question, question
from translator.debugger.program import Program
from translator.debugger.trace import NodeRun, Trace
from translator.debugger.values import Values
from translator.definition.model import MockAnswer
from translator.expressions.evaluator import Nothing
from translator.interpreter import Execution
from translator.interpreter.history import Event
from translator.json_value import JsonValue
from translator.node_type import Invoking, Starting

Launch = Callable[[], Execution]
"""Makes the execution anew, always the same."""


@dataclass(frozen=True)
class Move:
    """What a way through the run gave: where it ended, what happened on it, and what stopped it."""

    point: int
    ended: tuple[NodeRun, ...] = ()
    answered: tuple[Answered, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    """The edges that were taken on the last step, which is all that is known of edges."""
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """All that can be known of a point; two of one point are equal however one came there."""

    point: int
    at: str | None
    now: float
    history: tuple[Event, ...]
    values: Mapping[str, JsonValue]
    variables: Mapping[str, JsonValue]


class Debugger:
    """Time travel is repetition: the run is deterministic, and what it was answered stands in a journal."""

    def __init__(self, program: Program, launch: Launch, answers: Answers) -> None:
        self.program = program
        self.answers = answers
        self.breakpoints: list[Breakpoint] = []
        self.edits: list[Edit] = []
        self._launch = launch
        self._was_true: set[int] = set()
        self._last_number = 0
        self._begin()

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
        return self.drive.standing or Standing(engine, engine.root)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose work comes next; none at the end, or where a state only serves the machine."""
        return () if self.has_ended else self.program.nodes_of(self.standing.state)

    # --- looking

    def values(self, run: NodeRun | None = None) -> Values:
        """The values at this point, or at the end of a node's run on the way here."""
        whole = self.answers.outside.values.whole
        if run is None:
            return Values(self.program, self.trace, self.standing, whole)
        return Values(self.program, self.trace, Standing(run.engine, run.frame), whole, run.node)

    def evaluate(self, text: str) -> JsonValue | Nothing:
        """The value of an expression at this point; raises ExpressionError, UnknownNameError."""
        return self._ask(question(text, self.program), self.values())

    def _ask(self, asked: Question, values: Values) -> JsonValue | Nothing:
        return asked.ask(values.all(), self.execution.now, self._inside)

    @property
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
        )

    # --- moving

    def into(self) -> Move:
        """To the next state, whoever's it is."""
        return self._travel(lambda: True)

    def step(self) -> Move:
        """To the next node, or the run's end."""
        return self._travel(lambda: bool(self.nodes))

    def resume(self) -> Move:
        """Until a breakpoint stops it, or to the run's end."""
        return self._travel(lambda: False)

    def back_into(self) -> Move:
        """To the state before."""
        return self.go(self.point - 1)

    def back(self) -> Move:
        """To the node before."""
        return self.go(self._last(lambda: bool(self.nodes)))

    def reverse(self) -> Move:
        """Back to the last point before this one at which a breakpoint stops, else to the beginning."""
        target = self.point
        if target == 1:
            return self.go(0)
        with self._repeating():
            self._begin()
            self._was_true.clear()
            wanted, stopped = 1, self._hits(Move(1))
            while self.point < target - 1:
                found = self._hits(self._forward())
                if found:
                    wanted, stopped = self.point, found
        self._rewind(wanted)
        return Move(wanted, hits=stopped)

    def restart(self) -> Move:
        """To the first point; what was answered so far is answered the same again."""
        return self.go(1)

    def go(self, point: int) -> Move:
        """To a point by its number, forward or back; raises NoSuchPointError."""
        if point < 1:
            raise NoSuchPointError(
                "this is the first point, nothing comes before it", "step, into, or continue"
            )
        if point <= self.point:
            self._rewind(point)
            return Move(point)
        move = self._travel(lambda: self.point == point, stops=False)
        if self.point < point:
            raise NoSuchPointError(
                f"the run has ended before it came to point {point}", f"its end is point {self.point}"
            )
        return move

    # --- changing

    def set(self, target: Target, value: JsonValue) -> None:
        """Sets a value here; what comes after this point comes anew. Raises EditError."""
        if self.has_ended:
            raise EditError(
                "the run has ended, so nothing reads the value any more", "back, then set it there"
            )
        values = self.values()
        whole = with_value(values.all().get(target.name), target.path, value)
        edit = Edit(self.point, target, whole)
        apply(edit, values)
        self.edits = [each for each in self.edits if each.point <= self.point] + [edit]
        self.answers.cut(self.point)

    def undo(self) -> Edit:
        """Takes the last edit of this point back; raises EditError where there is none."""
        found = next((each for each in reversed(self.edits) if each.point == self.point), None)
        if found is None:
            raise EditError("nothing was set at this point", "back to the point where it was")
        self.edits.remove(found)
        self.answers.cut(self.point)
        self._rewind(self.point)
        return found

    def add_breakpoint(self, **what: Any) -> Breakpoint:
        """A new breakpoint, numbered; `what` are the fields of Breakpoint."""
        self._last_number += 1
        made = Breakpoint(self._last_number, **what)
        self.breakpoints.append(made)
        if made.is_watch and made.condition is not None:
            self._hits(Move(self.point))
        return made

    def pin(self, node: str, output: JsonValue, iteration: tuple[int, ...] | None = None) -> None:
        """From here on the node is not called and has this output; raises AnswerError, UnknownNameError."""
        self._override(node, MockAnswer(output=output, iteration=iteration), None)

    def fail(
        self,
        node: str,
        error: str,
        cause: str,
        times: int | None = None,
        iteration: tuple[int, ...] | None = None,
    ) -> None:
        """From here on the node is not called and fails, the next `times` times or always."""
        self._override(node, MockAnswer(error=error, cause=cause, iteration=iteration), times)

    def _override(self, name: str, answer: MockAnswer, times: int | None) -> None:
        node = self.program.node(name)
        if not isinstance(self.program.flow[name].lowering, Invoking | Starting):
            raise AnswerError(
                f'node "{name}" is a {node.type}, which calls nothing',
                f"step behind it, then set ${name} = …",
            )
        self.answers.override(Override(name, answer, times))

    # --- the machinery

    def _begin(self) -> None:
        self.trace = Trace(self.program)
        execution = self._launch()
        self.answers.clock = lambda: execution.now
        self.drive = Drive(execution, self.answers, self.trace.note)
        self.drive.begin()
        self._arrive()

    def _arrive(self) -> None:
        self.trace.point = self.point
        for edit in self.edits:
            if edit.point == self.point and not self.has_ended:
                apply(edit, self.values())

    def _forward(self) -> Move:
        """One point on; where a call is not answered, or interrupted, the run stands where it stood."""
        before, ended = self.point, len(self.trace.ended)
        try:
            self.drive.forward()
        except BaseException:
            self.answers.cut(before)
            self._rewind(before)
            self.answers.take()
            raise
        self._arrive()
        return Move(self.point, tuple(self.trace.ended[ended:]), tuple(self.answers.take()))

    def _travel(self, is_there: Callable[[], bool], *, stops: bool = True) -> Move:
        if self.has_ended:
            raise NoSuchPointError("the run has ended, nothing comes after it", "back, reverse, or restart")
        ended: list[NodeRun] = []
        answered: list[Answered] = []
        found: tuple[Hit, ...] = ()
        while not self.has_ended:
            move = self._forward()
            ended += move.ended
            answered += move.answered
            found = self._hits(move) if stops else ()
            if found or is_there():
                break
        return Move(self.point, tuple(ended), tuple(answered), self.edges(move), found)

    def edges(self, move: Move) -> tuple[tuple[str, str], ...]:
        """The edges that were taken on one step."""
        return tuple(edges_taken(self.program, self._arrival(move)))

    def _hits(self, move: Move) -> tuple[Hit, ...]:
        if not self.breakpoints:
            return ()
        return hits(self.program, self.breakpoints, self._arrival(move), self._was_true)

    def _arrival(self, move: Move) -> Arrival:
        def asks(asked: Question, run: NodeRun | None) -> bool:
            return asked.is_true(self.values(run).all(), self.execution.now, self._inside)

        return Arrival(self.nodes, move.ended, asks)

    @contextmanager
    def _repeating(self) -> Iterator[None]:
        """While the run only goes where it has been, nothing is asked of the outside."""
        self.answers.replaying = True
        try:
            yield
        finally:
            self.answers.replaying = False

    def _rewind(self, point: int) -> None:
        """Runs from the beginning to a point where it has been."""
        with self._repeating():
            self._begin()
            while self.point < point:
                self._repeat()
        self._was_true.clear()
        self._hits(Move(self.point))

    def _repeat(self) -> None:
        self.drive.forward()
        self._arrive()

    def _last(self, is_wanted: Callable[[], bool]) -> int:
        """The last point before this one that is wanted, 0 if none is."""
        target, found = self.point, 0
        with self._repeating():
            self._begin()
            while self.point < target:
                found = self.point if is_wanted() else found
                self._repeat()
        return found
