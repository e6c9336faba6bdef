"""Asynchronous invocations: kept on disk until they have succeeded or used up their tries."""

from __future__ import annotations

import base64
import json
import logging
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Final

from infra.local.backlog import Backlog
from infra.local.functions.concurrency import ThrottledError
from infra.local.functions.invocation import Outcome
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.scheduler import Clock, Scheduler

_LOG: Final = logging.getLogger(__name__)
_THROTTLED_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Accepted:
    identity: str
    function: str
    payload: bytes
    tries: int = 0

    def to_bytes(self) -> bytes:
        record = {**asdict(self), "payload": base64.b64encode(self.payload).decode()}
        return json.dumps(record).encode()

    @staticmethod
    def from_bytes(content: bytes) -> _Accepted:
        record = json.loads(content)
        return _Accepted(**{**record, "payload": base64.b64decode(record["payload"])})


class AsynchronousInvocations:
    """Invokes without a caller that waits: a failure is tried again after each of the delays.

    What is accepted is written first and taken up again after a crash, so a function may get it twice,
    as on the service.
    """

    def __init__(
        self,
        backlog: Backlog,
        functions: Functions,
        scheduler: Scheduler,
        clock: Clock,
        delays: tuple[float, ...],
    ) -> None:
        self._backlog = backlog
        self._functions = functions
        self._scheduler = scheduler
        self._clock = clock
        self._delays = delays

    def accept(self, identity: str, function: str, payload: bytes) -> None:
        """Take over an invocation; one that is already waiting under the same identity is the same one."""
        accepted = _Accepted(identity, function, payload)
        if self._backlog.accept(identity, accepted.to_bytes()):
            self._scheduler.call_soon(lambda: self._send(accepted))

    def recover(self) -> None:
        """Take up what an earlier process had accepted and not finished."""
        for accepted in self._backlog.recover(_Accepted.from_bytes):
            self._scheduler.call_soon(partial(self._send, accepted))

    def _send(self, accepted: _Accepted) -> None:
        try:
            future = self._functions.find(accepted.function).submit(accepted.payload)
        except FunctionNotFoundError:
            self._give_up(accepted, f'there is no function "{accepted.function}"')
            return
        except ThrottledError:
            # Kept for hours on the service, and no try of its own.
            self._scheduler.call_at(self._clock() + _THROTTLED_SECONDS, lambda: self._send(accepted))
            return
        future.add_done_callback(lambda done: self._scheduler.call_soon(lambda: self._settle(accepted, done)))

    def _settle(self, accepted: _Accepted, done: Future[Outcome]) -> None:
        if done.cancelled():
            return
        outcome = done.result()
        if outcome.function_error is None:
            self._backlog.done(accepted.identity)
        elif accepted.tries < len(self._delays):
            again = replace(accepted, tries=accepted.tries + 1)
            self._backlog.keep(again.identity, again.to_bytes())
            due = self._clock() + self._delays[accepted.tries]
            self._scheduler.call_at(due, lambda: self._send(again))
        else:
            self._give_up(accepted, outcome.payload.decode(errors="replace"))

    def _give_up(self, accepted: _Accepted, reason: str) -> None:
        _LOG.error(
            'function "%s" failed for good on an asynchronous invocation: %s', accepted.function, reason
        )
        self._backlog.fail(accepted.identity)
