"""The API's operation TestState: one state, without a machine or a record (Step Functions API reference)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from infra.local.scheduler import Clock
from infra.local.states.arn import express_arn, machine_arn
from infra.local.states.http_invoke import Exchange
from infra.local.states.integration import Integrations, is_http
from infra.local.states.mock_shape import invalid
from infra.local.states.parameters import Parameters
from infra.local.states.record import Started
from infra.local.states.reply import Dispatch, Reply
from infra.local.states.state_test_request import StateTestRequest, read_request
from translator.interpreter import Outcome, TaskFailed, TaskRequest
from translator.interpreter.trial import LONGEST_SECONDS, ImpossibleTest, Trial

_SEED: Final = 0
_LATE: Final = TaskFailed("States.Timeout", None)


@dataclass(frozen=True, slots=True)
class StateTestOperations:
    """The request's parameters in, the answer out; a task without a mock is really done."""

    dispatch: Dispatch
    integrations: Integrations
    clock: Clock
    new_id: Callable[[], str]

    def test(self, parameters: Parameters) -> dict[str, Any]:
        """TestState. Raises InvalidDefinition, InvalidExecutionInput or ValidationException."""
        request = read_request(parameters, self.integrations)
        machine, name = self.new_id(), self.new_id()
        # Recorded: as of an Express execution, but without the last part.
        arn = express_arn(machine, name, "").removesuffix(":")
        trial = Trial(
            request.subject,
            request.test,
            arn=arn,
            state_machine_arn=machine_arn(machine),
            now=self.clock(),
            seed=zlib.crc32(name.encode()),
        )
        try:
            task = trial.start()
        except ImpossibleTest as error:
            raise invalid(str(error)) from error
        if task is None:
            return trial.result.to_json(request.level)
        if is_http(task.kind):
            exchange = self.integrations.http.invoke(task.arguments)
            trial.finish(task, exchange.outcome)
            return _with_exchange(trial.result.to_json(request.level), exchange, request)
        trial.finish(task, self._do(self._started(arn, machine, name, request), task))
        return trial.result.to_json(request.level)

    def _do(self, started: Started, task: TaskRequest) -> Outcome:
        """Have the task done, no longer than it or the test may take."""
        ended: Future[Outcome] = Future()

        def done(outcome: Outcome) -> None:
            if not ended.done():
                ended.set_result(outcome)

        self.dispatch(started, task, Reply(done, lambda _output: None, lambda _gone: None))
        longest = min(task.timeout_seconds or LONGEST_SECONDS, LONGEST_SECONDS)
        try:
            return ended.result(longest)
        except TimeoutError:
            return _LATE

    def _started(self, arn: str, machine: str, name: str, request: StateTestRequest) -> Started:
        return Started(
            arn=arn,
            name=name,
            machine=machine,
            version=None,
            alias=None,
            digest="",
            role_arn=request.test.role_arn or "",
            input=json.dumps(request.test.input),
            seed=_SEED,
            started_at=self.clock(),
            express=True,
        )


def _with_exchange(answer: dict[str, Any], exchange: Exchange, request: StateTestRequest) -> dict[str, Any]:
    """AWS: the level TRACE shows what was sent and what came back; secrets only to whoever asks for them."""
    if request.level != "TRACE":
        return answer
    shown = exchange.inspection(reveal=request.reveal_secrets)
    return {**answer, "inspectionData": {**answer["inspectionData"], **shown}}
