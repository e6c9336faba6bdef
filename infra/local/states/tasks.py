"""Sends the tasks of executions to whoever does them: Lambda functions, or other services."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from infra.local.files import file_stem
from infra.local.functions.asynchronous import AsynchronousInvocations
from infra.local.functions.concurrency import ThrottledError
from infra.local.functions.invocation import Outcome as Invoked
from infra.local.functions.pool import FunctionPool
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.states.activities import Activities
from infra.local.states.activity_operations import offer
from infra.local.states.data import parse_data
from infra.local.states.integration import Integrations
from infra.local.states.record import Started
from infra.local.states.reply import Done, Reply
from translator.interpreter import Outcome, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.payload import encode
from translator.interpreter.resource import Family, Pattern
from translator.json_value import JsonValue

_REPEATED: Final = '{"custom":{"repeated":"true"}}'
_LOG: Final = logging.getLogger(__name__)


class Tasks:
    """Lambda invocations wait in their function's own queue, other requests in a pool of bounded size."""

    def __init__(
        self,
        functions: Functions,
        asynchronous: AsynchronousInvocations,
        integrations: Integrations,
        threads: int,
        activities: Activities,
    ) -> None:
        self._activities = activities
        self._functions = functions
        self._asynchronous = asynchronous
        self._integrations = integrations
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="integration")

    def dispatch(self, started: Started, request: TaskRequest, reply: Reply) -> None:
        """Begin a task."""
        kind = request.kind
        done = _submitting(reply) if kind.pattern is Pattern.CALLBACK else reply.done
        if kind.family is Family.FUNCTION:
            self._invoke(request.resource, request.arguments, done, _context(request), direct=True)
        elif kind.family is Family.ACTIVITY:
            offer(self._activities, request, reply)
        elif kind.pattern is Pattern.RUN_A_JOB:
            done(TaskFailed("States.Runtime", f"The local cloud does not do '{request.resource}' yet."))
        elif (kind.kind, kind.operation) == ("lambda", "invoke"):
            self._invoke_with_options(started, request, done)
        else:
            self._threads.submit(lambda: done(_safely(self._integrations, request)))

    def submit(self, work: Callable[[], None]) -> None:
        """Do something in the threads that call services."""
        self._threads.submit(work)

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _invoke_with_options(self, started: Started, request: TaskRequest, done: Done) -> None:
        options = request.arguments if isinstance(request.arguments, Mapping) else {}
        name = str(options.get("FunctionName", ""))
        if options.get("Qualifier"):
            name = f"{name}:{options['Qualifier']}"
        payload = options.get("Payload", {})
        if options.get("InvocationType") == "Event":
            self._accept(f"{file_stem(started.arn)}-{request.id}", name, payload, done)
        else:
            self._invoke(name, payload, done, _context(request), direct=False)

    def _accept(self, identity: str, name: str, payload: JsonValue, done: Done) -> None:
        pool = self._find(name, done)
        if pool is not None:
            self._asynchronous.accept(identity, pool.program.name, encode(payload).encode())
            done(TaskSucceeded(_invoke_result(Invoked(identity, b""), 202, "")))

    def _invoke(
        self, name: str, payload: JsonValue, done: Done, context: str | None, *, direct: bool
    ) -> None:
        pool = self._find(name, done)
        if pool is not None:
            try:
                future = pool.submit(encode(payload).encode(), context)
            except ThrottledError as error:
                done(_throttled(error))
                return
            future.add_done_callback(lambda ended: _tell(ended, done, direct=direct))

    def _find(self, name: str, done: Done) -> FunctionPool | None:
        try:
            return self._functions.find(name)
        except FunctionNotFoundError as error:
            details = "Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException"
            done(TaskFailed("Lambda.ResourceNotFoundException", f"{error} ({details})"))
            return None


def _throttled(error: ThrottledError) -> TaskFailed:
    details = "Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException"
    return TaskFailed("Lambda.TooManyRequestsException", f"{error} ({details})")


def _context(request: TaskRequest) -> str | None:
    """Lambda's client context: tells the function that it may have done this already."""
    return _REPEATED if request.repeated else None


def _submitting(reply: Reply) -> Done:
    """A task that waits for its token ends with its call only if that fails."""

    def done(outcome: Outcome) -> None:
        if isinstance(outcome, TaskFailed):
            reply.done(outcome)
        else:
            reply.submitted(outcome.value)

    return done


def _tell(ended: Future[Invoked], done: Done, *, direct: bool) -> None:
    # Cancelled at shutdown: the next start sends the task again.
    if ended.cancelled():
        return
    error = ended.exception()
    if error is not None:
        _LOG.error("an invocation failed inside the local cloud: please report this", exc_info=error)
        done(TaskFailed("Lambda.Unknown", "The local cloud met a defect."))
        return
    done(_task_outcome(ended.result(), direct=direct))


def _task_outcome(invoked: Invoked, *, direct: bool) -> Outcome:
    text = invoked.payload.decode("utf-8", "replace")
    try:
        payload: Any = parse_data(text) if text else None
    except ValueError:
        payload = text
    if invoked.function_error is not None:
        return _failure(payload, text)
    return TaskSucceeded(payload if direct else _invoke_result(invoked, 200, payload))


def _failure(payload: Any, text: str) -> TaskFailed:
    kind = payload.get("errorType") if isinstance(payload, Mapping) else None
    if isinstance(kind, str) and kind:
        return TaskFailed(kind, text)
    reason = "The cause could not be determined because Lambda did not return an error type."
    return TaskFailed("Lambda.Unknown", f"{reason} Returned payload: {text}")


def _invoke_result(invoked: Invoked, status: int, payload: Any) -> dict[str, Any]:
    length = len(invoked.payload)
    headers = {
        "Content-Length": str(length),
        "Content-Type": "application/json",
        "X-Amz-Executed-Version": "$LATEST",
        "x-amzn-RequestId": invoked.request_id,
    }
    return {
        "ExecutedVersion": "$LATEST",
        "Payload": payload,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": status,
        },
        "SdkResponseMetadata": {"RequestId": invoked.request_id},
        "StatusCode": status,
    }


def _safely(integrations: Integrations, request: TaskRequest) -> Outcome:
    try:
        return integrations.call(request)
    except Exception:
        _LOG.exception("calling %s failed inside the local cloud: please report this", request.resource)
        return TaskFailed("States.Runtime", "The local cloud met a defect.")
