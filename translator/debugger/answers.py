"""Answers the calls of a run: as before if it was there before, else pinned, recorded, mocked or really."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from translator.debugger.calls import Call, call_of
from translator.debugger.errors import NotAnsweredError
from translator.definition.model import MockAnswer
from translator.diagnostics import InternalError
from translator.interpreter import TaskAnswer, TaskRequest
from translator.testing.large_values import AS_THEY_ARE, LargeValues
from translator.testing.mocks import MockedTasks, Work
from translator.testing.starts import Machines, no_machines

PINNED: Final = "pinned"
FAILED: Final = "made to fail"
RECORDED: Final = "recorded"
REPEATED: Final = "as before"
MOCKED: Final = "mocked"
CALLED: Final = "called"
_OBJECTS: Final = "s3"
"""The service that a distributed Map reads its items from; a session keeps objects of its own."""


@dataclass(eq=False, slots=True)
class Override:
    """What the user says a node answers: an output, or an error the next `times` times (None: always)."""

    node: str
    answer: MockAnswer
    times: int | None = None

    @property
    def source(self) -> str:
        """What becomes of the node's calls."""
        return PINNED if self.answer.error is None else FAILED

    def fits(self, call: Call) -> bool:
        """Whether it is about the call, as far as the iteration goes."""
        return self.node == call.node and self.answer.iteration in (None, call.iteration)


@dataclass(frozen=True, slots=True)
class Answered:
    """A call with its answer, on the way on from the point `point`; `by` made it, if the user did."""

    point: int
    call: Call
    answer: TaskAnswer
    source: str
    by: Override | None = None


class Recording(Protocol):
    """Answers that were recorded in the account."""

    def answer(self, request: TaskRequest, call: Call, now: float, number: int) -> TaskAnswer:
        """The answer of the `number`th time (from 0) that the call was made; raises NotAnsweredError."""

    def is_open(self, call: Call) -> bool:
        """Whether the call was still under way when the recording ended."""


@dataclass(frozen=True)
class Outside:
    """What there is to call; `seconds` is a clock by which real calls are timed."""

    work: Work
    mocks: Mapping[str, MockAnswer | tuple[MockAnswer, ...]] = field(default_factory=dict)
    machines: Machines = no_machines
    values: LargeValues = AS_THEY_ARE
    seconds: Callable[[], float] = lambda: 0.0


@dataclass
class Answers:
    """The journal of a session: what was answered once is answered the same when the run comes by again.

    After an edit the run may take another way; a call that is the same in all that it is given is still
    answered as before, so that nothing is done twice. `live` lets nodes reach the outside.
    """

    outside: Outside
    live: bool = True
    recording: Recording | None = None
    overrides: list[Override] = field(default_factory=list)
    journal: dict[str, Answered] = field(default_factory=dict)
    given: list[Answered] = field(default_factory=list)
    """What was answered since somebody last took it from here."""
    replaying: bool = False
    """Whether the run only goes to where it has been."""
    clock: Callable[[], float] = lambda: 0.0
    """The run's own time."""
    on_new_way: Callable[[int], None] = lambda _: None
    """Is told the point from which the run goes where it has not been."""
    _before: dict[Call, Answered] = field(default_factory=dict)

    def __call__(self, request: TaskRequest, point: int) -> TaskAnswer:
        """The answer to a call; raises NotAnsweredError."""
        call = call_of(request)
        found = self.journal.get(request.id)
        if found is None or found.call != call or not (self.replaying or self._holds(found)):
            if not self.replaying:
                self.cut(point, but_before=request.id)
                self.on_new_way(point)
            found = self._decide(request, call, point)
            self.journal[request.id] = found
            if found.source != REPEATED and found.by is None and _is_for_good(request, found):
                self._before[call] = found
        if not self.replaying:
            self.given.append(found)
        return found.answer

    def cut(self, point: int, but_before: str | None = None) -> None:
        """Forgets the way from a point on; of the calls of that point those before the request stay."""
        order = list(self.journal)
        if but_before in self.journal:
            order = order[order.index(but_before) :]
        elif but_before is not None:
            order = [name for name in order if self.journal[name].point > point]
        for name in order:
            if self.journal[name].point >= point:
                del self.journal[name]

    def detach(self) -> None:
        """From here on nothing is answered by the recording; what was under way at its end is called anew."""
        recording, self.recording = self.recording, None
        if recording is None:
            return
        for name, one in list(self.journal.items()):
            if one.answer.outcome is None and recording.is_open(one.call):
                del self.journal[name]

    def forget(self, node: str | None) -> int:
        """Lets calls be made anew, a node's or all; gives how many answers are forgotten."""
        forgotten = [call for call in self._before if node in (None, call.node)]
        for call in forgotten:
            del self._before[call]
        return len(forgotten)

    def take(self) -> list[Answered]:
        """What was answered since the last time."""
        given, self.given = self.given, []
        return given

    def override(self, override: Override) -> None:
        """From the next call on the node answers so, whatever was said before about the same calls."""
        self.drop(override.node, override.answer.iteration)
        self.overrides.append(override)

    def drop(self, node: str, iteration: tuple[int, ...] | None = None) -> int:
        """Takes back what was said about a node; gives how much that was."""
        gone = [
            each
            for each in self.overrides
            if each.node == node and iteration in (None, each.answer.iteration)
        ]
        self.overrides = [each for each in self.overrides if each not in gone]
        return len(gone)

    def _override_of(self, call: Call, but: str | None = None) -> Override | None:
        for each in reversed(self.overrides):
            used = sum(one.by is each for name, one in self.journal.items() if name != but)
            if each.fits(call) and (each.times is None or used < each.times):
                return each
        return None

    def _holds(self, found: Answered) -> bool:
        """Whether an answer of before is still the one that would be given now."""
        if found.by is not None:
            return found.by in self.overrides
        return self._override_of(found.call) is None

    def _decide(self, request: TaskRequest, call: Call, point: int) -> Answered:
        override = self._override_of(call, request.id)
        if override is not None:
            answer = self._mocked({override.node: override.answer}, request, call)
            return Answered(point, call, answer, override.source, override)
        if self.recording is not None:
            made = [one.call for name, one in self.journal.items() if name != request.id]
            number = sum((one.key, one.attempt) == (call.key, call.attempt) for one in made)
            answer = self.recording.answer(request, call, self.clock(), number)
            return Answered(point, call, answer, RECORDED)
        before = self._before.get(call)
        if before is not None:
            return Answered(point, call, before.answer, REPEATED)
        answer = self._mocked(self.outside.mocks, request, call)
        return Answered(point, call, answer, MOCKED if call.node in self.outside.mocks else CALLED)

    def _mocked(
        self, mocks: Mapping[str, MockAnswer | tuple[MockAnswer, ...]], request: TaskRequest, call: Call
    ) -> TaskAnswer:
        if not call.node and request.kind.kind != _OBJECTS:
            raise NotAnsweredError(
                f'state "{request.state_name}" calls {request.resource}, which only the service does',
                "go back and take another way; its answer stands only in a recorded history",
            )
        outside = self.outside
        tasks = MockedTasks(
            mocks,
            outside.work,
            outside.machines,
            self.clock,
            outside.values,
            self.live,
            attempts={call.key: call.attempt},
        )
        began = outside.seconds()
        try:
            answer = tasks(request)
        except InternalError:
            raise
        except Exception as error:
            # Not the node's own failure, which comes as an answer: something that it needs is not here.
            name = call.node or request.state_name
            raise NotAnsweredError(
                f'node "{name}" could not be called: {type(error).__name__}: {error}',
                f"mend that, or pin {call.node} = {{…}}",
            ) from error
        if tasks.problems:
            raise _not_answered(call.node, tasks.problems[0])
        # Whole seconds: what is quick takes no time, so that a session can be repeated to the letter.
        return TaskAnswer(answer.outcome, max(answer.seconds, math.floor(outside.seconds() - began)))


def _is_for_good(request: TaskRequest, found: Answered) -> bool:
    """Whether the same call would be answered the same: what stands in the object store may change."""
    return found.answer.outcome is not None and request.kind.kind != _OBJECTS


def _not_answered(node: str, problem: str) -> NotAnsweredError:
    told = problem.partition(": give it a mock")[0]
    return NotAnsweredError(
        f"{told}, and this session calls nothing outside",
        f'pin {node} = {{…}}, fail {node} Timeout "…", or live to let nodes really call',
    )
