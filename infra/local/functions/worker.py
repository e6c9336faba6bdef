"""One warm process of a function: the real runtime client, one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from infra.local.functions.asset import Asset
from infra.local.functions.conversation import Conversation, ConversationEndedError, RuntimeRequest
from infra.local.functions.invocation import (
    MAXIMUM_RESPONSE,
    Invocation,
    Outcome,
    exited,
    response_too_large,
    timed_out,
)
from infra.local.functions.logs import LogStream
from infra.local.functions.memory import ProcessMemory

_INITIALIZATION_SECONDS: Final = 30.0
_PREFIX: Final = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True)
class Program:
    """What a worker runs: a handler, what it is imported from, and its environment."""

    name: str
    arn: str
    handler: str
    asset: Asset
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_mb: int


class WorkerGoneError(Exception):
    """The process ended before it could be given the invocation: another worker can take it."""


class Worker:
    """A process that has at most one invocation; after a failure of the process itself it is not reusable."""

    def __init__(self, program: Program, log: LogStream, edition: object) -> None:
        self._program = program
        self._log = log
        self._conversation = Conversation()
        self._waiting: RuntimeRequest | None = None
        self._served = 0
        self._most_memory = 0
        self.edition = edition
        """Of the code that the process has imported."""
        self.usable = True
        self.used_at = time.monotonic()
        with log.path.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter on our own module)
                [sys.executable, "-m", "awslambdaric", program.handler],
                cwd=program.asset.folder,
                env={**program.environment, **self._own_environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._memory = ProcessMemory(self._process.pid, program.memory_mb)

    def invoke(self, invocation: Invocation) -> Outcome:
        """Run the handler on a payload. Raises WorkerGoneError if a warm process died while idle."""
        offset = self._log.size()
        failure = self._make_ready(invocation)
        if failure is not None:
            self.close()
            return self._with_log(failure, offset)
        started = time.monotonic()
        self._log.write(f"START RequestId: {invocation.request_id} Version: $LATEST")
        outcome = self._run(invocation)
        seconds = time.monotonic() - started
        self._log.write(f"END RequestId: {invocation.request_id}")
        self._log.write(self._report(invocation, seconds))
        self._served += 1
        self.used_at = time.monotonic()
        return self._with_log(outcome, offset)

    def close(self) -> None:
        """End the process and all that it started."""
        self.usable = False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._conversation.close()

    def kill(self) -> None:
        """End the process from another thread than the one that uses the worker, which then sees it end."""
        self.usable = False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _own_environment(self) -> dict[str, str]:
        return {
            "AWS_LAMBDA_RUNTIME_API": self._conversation.address,
            "AWS_LAMBDA_LOG_STREAM_NAME": self._log.name,
            "LAMBDA_TASK_ROOT": str(self._program.asset.folder),
        }

    def _report(self, invocation: Invocation, seconds: float) -> str:
        return "\t".join(
            (
                f"REPORT RequestId: {invocation.request_id}",
                f"Duration: {seconds * 1000:.2f} ms",
                f"Billed Duration: {math.ceil(seconds * 1000)} ms",
                f"Memory Size: {self._program.memory_mb} MB",
                f"Max Memory Used: {self._most_memory} MB",
            )
        )

    def _is_alive(self) -> bool:
        if self._memory.is_over():
            self.kill()
        return self._process.poll() is None

    def _make_ready(self, invocation: Invocation) -> Outcome | None:
        deadline = time.monotonic() + _INITIALIZATION_SECONDS
        try:
            request = self._conversation.receive(deadline, self._is_alive)
        except TimeoutError:
            return timed_out(invocation, _INITIALIZATION_SECONDS)
        except ConversationEndedError:
            return self._died(invocation)
        if request.path == f"{_PREFIX}/init/error":
            request.answer(202, {}, b"")
            return Outcome(invocation.request_id, request.body, "Unhandled")
        self._waiting = request
        return None

    def _died(self, invocation: Invocation) -> Outcome:
        if self._served:
            self.close()
            raise WorkerGoneError
        return exited(invocation, self._exit_code())

    def _run(self, invocation: Invocation) -> Outcome:
        seconds = self._program.timeout_seconds
        deadline = time.monotonic() + seconds
        try:
            self._hand_over(invocation, time.time() + seconds)
            answer = self._conversation.receive(deadline, self._is_alive)
            self._most_memory = self._memory.most_megabytes()
            answer.answer(202, {"Content-Type": "application/json"}, b'{"status":"OK"}')
        except TimeoutError:
            outcome = timed_out(invocation, seconds)
            self._log.write(f"{invocation.request_id} Task timed out after {seconds:.2f} seconds")
        except ConversationEndedError:
            outcome = exited(invocation, self._exit_code())
        else:
            if not _is_out_of_memory(answer):
                return _outcome(invocation, answer)
            # The service lets a process ask for more than it has, and kills it when it uses that.
            outcome = exited(invocation, -signal.SIGKILL)
        self.close()
        return outcome

    def _hand_over(self, invocation: Invocation, deadline: float) -> None:
        assert self._waiting is not None, "a worker is made ready first"
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._program.arn,
            "Lambda-Runtime-Trace-Id": _trace(invocation),
        }
        if invocation.client_context is not None:
            headers["Lambda-Runtime-Client-Context"] = invocation.client_context
        self._waiting.answer(200, headers, invocation.payload)
        self._waiting = None

    def _exit_code(self) -> int | None:
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def _with_log(self, outcome: Outcome, offset: int) -> Outcome:
        return replace(outcome, log_tail=self._log.since(offset))


def _trace(invocation: Invocation) -> str:
    return f"Root=1-{int(time.time()):08x}-{invocation.request_id[-12:]:0>24};Sampled=0"


def _is_out_of_memory(answer: RuntimeRequest) -> bool:
    if not answer.path.endswith("/error"):
        return False
    error = json.loads(answer.body or b"null")
    return isinstance(error, dict) and error.get("errorType") == "MemoryError"


def _outcome(invocation: Invocation, answer: RuntimeRequest) -> Outcome:
    if answer.path.endswith("/error"):
        return Outcome(invocation.request_id, answer.body, "Unhandled")
    if len(answer.body) > MAXIMUM_RESPONSE:
        return response_too_large(invocation, len(answer.body))
    return Outcome(invocation.request_id, answer.body)
