"""Runs one state, without its machine: sans-IO, like an execution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.interpreter import details
from translator.interpreter.engine import Engine, Step
from translator.interpreter.failure import PathFailure, QueryFailure, StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.loop import Loop
from translator.interpreter.payload import Payload, encode
from translator.interpreter.recover import RAISED, failure_of
from translator.interpreter.recovery import TIMEOUT
from translator.interpreter.request import Outcome, TaskRequest, TaskSucceeded
from translator.interpreter.run import VISITS, last_event
from translator.interpreter.states import MapState, ParallelState, TaskState
from translator.interpreter.tasking import attempt_task
from translator.interpreter.trial import stages
from translator.interpreter.trial.engine import TrialEngine, shared_context
from translator.interpreter.trial.forking import try_map, try_parallel
from translator.interpreter.trial.handling import Handled, handle
from translator.interpreter.trial.subject import Subject
from translator.interpreter.trial.tested import StateTest, TestedState, tested
from translator.json_value import JsonValue

LONGEST_SECONDS: Final = 300.0
"""AWS: how long the test of a state may take."""
_SENT: Final = {"JSONPath": "afterParameters", "JSONata": "afterArguments"}


class Trial:
    """One test: `start` it, `finish` the task that it asks for, if any, then read the `result`."""

    def __init__(
        self, subject: Subject, test: StateTest, *, arn: str, state_machine_arn: str, now: float, seed: int
    ) -> None:
        self._subject = subject
        self._test = test
        self._shown: dict[str, JsonValue] = {}
        self._handled: Handled | None = None
        frame = Frame(subject.scope, Payload(test.input), test.variables, 0)
        context = shared_context(test.role_arn, test.input, arn, state_machine_arn, now)
        self._frame = frame
        self._engine = TrialEngine(frame, arn, context, Loop(now, seed), test.context)
        # The causes of errors name the event that a state was entered with: in an execution the second.
        self._engine.write("ExecutionStarted", 0, details.execution_started, frame.payload, "")

    def start(self) -> TaskRequest | None:
        """Begin; returns the task that somebody has to do now, where the state is one without a mock."""
        self._take(self._visit)
        self._wait()
        self._show_stages(stages.of_input(self._subject))
        requests = self._engine.loop.new_requests
        if not requests:
            self._show_result(self._test.mock)
            return None
        self._show(_SENT[self._subject.language], requests[0].arguments)
        if self._test.mock is None:
            return requests[0]
        self.finish(requests[0], self._test.mock)
        return None

    def finish(self, request: TaskRequest, outcome: Outcome) -> None:
        """The task has ended."""
        self._engine.loop.pending.pop(request.id).answer(outcome)
        self._drain()
        self._show_result(outcome)

    @property
    def result(self) -> TestedState:
        """What has come of it."""
        left = self._engine.left
        variables = {**self._frame.variables, **(left.assigned if left is not None else {})}
        if variables:
            self._show("variables", variables)
        return tested(self._frame.payload, self._shown, left, self._handled)

    def _visit(self, engine: Engine, frame: Frame) -> bool:
        state = frame.state
        if not isinstance(state, ParallelState | MapState | TaskState):
            return VISITS[type(state)](engine, frame)
        engine.enter(frame, state)
        frame.retry_count = self._test.retry_count
        if isinstance(state, TaskState):
            return attempt_task(engine, frame)
        if isinstance(state, ParallelState):
            return try_parallel(engine, frame, self._test)
        return try_map(engine, frame, self._test, self._show)

    def _wait(self) -> None:
        """A Wait is over at once, unless it would take longer than a test may."""
        loop = self._engine.loop
        due = loop.timers.next_due()
        if due is None or isinstance(self._frame.state, TaskState):
            return
        if due > loop.now + LONGEST_SECONDS:
            self._fail(StateFailure(TIMEOUT, None))
            return
        loop.set_now(due)
        frame, action = loop.timers.pop()
        action(frame)
        self._drain()

    def _drain(self) -> None:
        ready = self._engine.loop.ready
        while ready:
            _, _, step = ready.popleft()
            if step is not None:
                self._take(step)

    def _take(self, step: Step) -> None:
        engine, frame = self._engine, self._frame
        try:
            step(engine, frame)
        except RAISED as raised:
            self._fail(failure_of(engine, frame, raised, last_event(frame)))

    def _fail(self, failure: StateFailure) -> None:
        self._handled = handle(self._engine, self._frame, failure, self._test.retry_count)

    def _show(self, name: str, value: JsonValue) -> None:
        if value is not None:
            self._shown[name] = value if name in stages.NUMBERS else encode(value)

    def _show_result(self, outcome: Outcome | None) -> None:
        """The stages of a result; recorded: of a failure, none."""
        if self._engine.left is None or self._handled is not None:
            return
        more = {"result": outcome.value} if isinstance(outcome, TaskSucceeded) else {}
        self._show_stages(stages.of_result(self._subject), **more)

    def _show_stages(self, found: Iterable[stages.Stage], **more: JsonValue) -> None:
        scope = self._engine.scope(self._frame, self._frame.state, **more)
        for name, template in found:
            try:
                self._shown[name] = encode(self._engine.render(template, scope))
            except (QueryFailure, PathFailure, StateFailure):
                # The state itself fails with it, or has.
                return
