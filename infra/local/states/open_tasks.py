"""Tasks that somebody outside will end: their tokens, and what is to be done once nobody waits for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from infra.local.states.live import LiveExecution
from infra.local.states.service_error import ServiceError
from translator.interpreter import TaskRequest

_TOKEN: Final = re.compile(r"[0-9a-f]{64}")


class OpenTasks:
    """Only the scheduler's thread uses it."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[LiveExecution, str]] = {}
        self._tokens_of: dict[str, list[str]] = {}
        self._guards: dict[str, dict[str, Callable[[], None]]] = {}

    def add(self, live: LiveExecution, request: TaskRequest) -> None:
        """Remember the token of a task that has one."""
        if request.token is not None:
            self._tokens[request.token] = (live, request.id)
            self._tokens_of.setdefault(live.started.arn, []).append(request.token)

    def find(self, token: str) -> tuple[LiveExecution, str]:
        """The execution and the task of a token. Raises ServiceError InvalidToken or TaskTimedOut."""
        if _TOKEN.fullmatch(token) is None:
            raise ServiceError("InvalidToken", "Invalid Token: 'Invalid token'")
        found = self._tokens.get(token)
        if found is None or not found[0].is_open(found[1]):
            raise ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        return found

    def guard(self, live: LiveExecution, request_id: str, gone: Callable[[], None]) -> None:
        """Have the function called once nobody waits for the task."""
        self._guards.setdefault(live.started.arn, {})[request_id] = gone

    def sweep(self, live: LiveExecution) -> None:
        """Call the functions of the execution's tasks that nobody waits for any more."""
        guards = self._guards.get(live.started.arn)
        if not guards:
            return
        for request_id in [known for known in guards if not live.is_open(known)]:
            guards.pop(request_id)()

    def forget(self, live: LiveExecution) -> None:
        """The execution has ended."""
        self.sweep(live)
        self._guards.pop(live.started.arn, None)
        for token in self._tokens_of.pop(live.started.arn, ()):
            self._tokens.pop(token, None)
