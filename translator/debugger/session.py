"""A debugging session: a run with breakpoints that is stepped through, and changed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from translator.debugger.answers import Answered, Answers, Override
from translator.debugger.breakpoints import Arrival, Breakpoint, Hit, edges_taken, hits
from translator.debugger.edits import Edit, Target, apply, with_value
from translator.debugger.errors import AnswerError, EditError, NoSuchPointError
from translator.debugger.node_run import NodeRun
from translator.debugger.program import Program
from translator.debugger.recording.following import Following
from translator.debugger.traveller import Launch, Passed, Traveller
from translator.definition.model import MockAnswer
from translator.json_value import JsonValue
from translator.node_type import Invoking, Starting


@dataclass(frozen=True)
class Move:
    """What a way through the run gave: where it ended, what happened on it, and what stopped it."""

    point: int
    ended: tuple[NodeRun, ...] = ()
    answered: tuple[Answered, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    """The edges that were taken on its last part, from the point before."""
    hits: tuple[Hit, ...] = ()


class Debugger(Traveller):
    """Every method that moves gives the way as a Move; a mistake leaves the run where it stood."""

    def __init__(
        self, program: Program, launch: Launch, answers: Answers, following: Following | None = None
    ) -> None:
        super().__init__(program, launch, answers, following)
        self.breakpoints: list[Breakpoint] = []
        self._was_true: set[int] = set()
        self._last_number = 0

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
        return self.go(max((point for point in self.node_points if point < self.point), default=0))

    def reverse(self) -> Move:
        """Back to the last point before this one at which a breakpoint stops, else to the beginning."""
        target = self.point
        if target == 1:
            return self.go(0)
        with self.repeating():
            self.begin()
            self._was_true.clear()
            wanted, stopped = 1, self._hits(Passed())
            while self.point < target - 1:
                found = self._hits(self.forward())
                if found:
                    wanted, stopped = self.point, found
        self._return(wanted)
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
            self._return(point)
            return Move(point)
        move = self._travel(lambda: self.point == point, stops=False)
        if self.point < point:
            raise NoSuchPointError(
                f"the run has ended before it came to point {point}", f"its end is point {self.point}"
            )
        return move

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
        before = self.edits
        self.edits = [each for each in before if each.point <= self.point] + [edit]
        try:
            self.fork()
        except BaseException:
            self.edits = before
            self.rewind(self.point)
            raise
        self.cut()

    def undo(self) -> Edit:
        """Takes the last edit of this point back; raises EditError where there is none."""
        found = next((each for each in reversed(self.edits) if each.point == self.point), None)
        if found is None:
            raise EditError("nothing was set at this point", "back to the point where it was")
        self.edits.remove(found)
        self.cut()
        self._return(self.point)
        return found

    def live(self) -> None:
        """From here on nodes reach the outside, unless they are pinned or mocked."""
        was_live, self.answers.live = self.answers.live, True
        try:
            self.fork()
        except BaseException:
            self.answers.live = was_live
            raise
        self.cut()

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
        before = list(self.answers.overrides)
        self.answers.override(Override(name, answer, times))
        try:
            self.fork()
        except BaseException:
            self.answers.overrides = before
            raise
        self.furthest = self.point

    def add_breakpoint(self, **what: Any) -> Breakpoint:
        """A new breakpoint, numbered; `what` are the fields of Breakpoint."""
        self._last_number += 1
        made = Breakpoint(self._last_number, **what)
        self.breakpoints.append(made)
        self._look_at_conditions()
        return made

    def _travel(self, is_there: Callable[[], bool], *, stops: bool = True) -> Move:
        if self.has_ended:
            raise NoSuchPointError("the run has ended, nothing comes after it", "back, reverse, or restart")
        ended: list[NodeRun] = []
        answered: list[Answered] = []
        passed = Passed()
        found: tuple[Hit, ...] = ()
        while not self.has_ended:
            passed = self.forward()
            ended += passed.ended
            answered += passed.answered
            found = self._hits(passed) if stops else ()
            if found or is_there():
                break
        edges = tuple(edges_taken(self.program, self._arrival(passed)))
        return Move(self.point, tuple(ended), tuple(answered), edges, found)

    def _hits(self, passed: Passed) -> tuple[Hit, ...]:
        if not self.breakpoints:
            return ()
        return hits(self.program, self.breakpoints, self._arrival(passed), self._was_true)

    def _arrival(self, passed: Passed) -> Arrival:
        return Arrival(self.nodes, passed.ended, self.is_true)

    def _look_at_conditions(self) -> None:
        """A condition alone stops where it becomes true, not where it is so already."""
        self._was_true.clear()
        self._hits(Passed())

    def _return(self, point: int) -> None:
        self.rewind(point)
        self._look_at_conditions()
