"""Asynchronous invocations: kept on disk until they have succeeded or used up their tries."""

from __future__ import annotations

import base64
import json
import logging
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.files import write_whole
from infra.local.functions.invocation import Outcome
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.scheduler import Clock, Scheduler

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Delivery:
    identity: str
    function: str
    payload: bytes
    tries: int = 0

    def to_bytes(self) -> bytes:
        payload = base64.b64encode(self.payload).decode()
        return json.dumps({"function": self.function, "payload": payload, "tries": self.tries}).encode()

    @staticmethod
    def from_file(path: Path) -> _Delivery:
        record = json.loads(path.read_bytes())
        payload = base64.b64decode(record["payload"])
        return _Delivery(path.stem, str(record["function"]), payload, int(record["tries"]))


class AsynchronousInvocations:
    """Invokes without a caller that waits: a failure is tried again after each of the delays.

    What is accepted is written first and taken up again after a crash, so a function may get it twice,
    as on the service. What fails for good is kept in the folder `failed`.
    """

    def __init__(
        self,
        folder: Path,
        functions: Functions,
        scheduler: Scheduler,
        clock: Clock,
        delays: tuple[float, ...],
    ) -> None:
        self._pending = folder / "pending"
        self._failed = folder / "failed"
        for place in (self._pending, self._failed):
            place.mkdir(parents=True, exist_ok=True)
        self._functions = functions
        self._scheduler = scheduler
        self._clock = clock
        self._delays = delays

    def accept(self, identity: str, function: str, payload: bytes) -> None:
        """Take over an invocation; one that is already waiting under the same identity is the same one."""
        path = self._path(identity)
        if path.exists():
            return
        delivery = _Delivery(identity, function, payload)
        write_whole(path, delivery.to_bytes(), against_power_loss=False)
        self._scheduler.call_soon(lambda: self._send(delivery))

    def recover(self) -> None:
        """Take up what an earlier process had accepted and not finished."""
        for path in sorted(self._pending.glob("*.json")):
            try:
                delivery = _Delivery.from_file(path)
            except (ValueError, KeyError, TypeError):
                _LOG.exception('an asynchronous invocation cannot be read; its file is kept in "failed"')
                path.replace(self._failed / path.name)
                continue
            self._scheduler.call_soon(lambda delivery=delivery: self._send(delivery))  # type: ignore[misc]

    def _path(self, identity: str) -> Path:
        return self._pending / f"{identity}.json"

    def _send(self, delivery: _Delivery) -> None:
        try:
            future = self._functions.find(delivery.function).submit(delivery.payload)
        except FunctionNotFoundError:
            self._give_up(delivery, f'there is no function "{delivery.function}"')
            return
        future.add_done_callback(lambda done: self._scheduler.call_soon(lambda: self._settle(delivery, done)))

    def _settle(self, delivery: _Delivery, done: Future[Outcome]) -> None:
        if done.cancelled():
            return
        outcome = done.result()
        if outcome.function_error is None:
            self._path(delivery.identity).unlink(missing_ok=True)
        elif delivery.tries < len(self._delays):
            again = _Delivery(delivery.identity, delivery.function, delivery.payload, delivery.tries + 1)
            write_whole(self._path(again.identity), again.to_bytes(), against_power_loss=False)
            due = self._clock() + self._delays[delivery.tries]
            self._scheduler.call_at(due, lambda: self._send(again))
        else:
            self._give_up(delivery, outcome.payload.decode(errors="replace"))

    def _give_up(self, delivery: _Delivery, reason: str) -> None:
        _LOG.error(
            'function "%s" failed for good on an asynchronous invocation: %s', delivery.function, reason
        )
        path = self._path(delivery.identity)
        if path.exists():
            path.replace(self._failed / path.name)
