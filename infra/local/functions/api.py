"""The Lambda service's Invoke interface (AWS Lambda API reference: Invoke)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Final
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from infra.local.functions.asynchronous import AsynchronousInvocations
from infra.local.functions.concurrency import ACCOUNT_EXCEEDED, RATE_EXCEEDED, ThrottledError
from infra.local.functions.invocation import MAXIMUM_EVENT, MAXIMUM_PAYLOAD, Outcome
from infra.local.functions.pool import FunctionPool
from infra.local.functions.registry import FunctionNotFoundError, Functions

INVOKE_PATH: Final = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)/invocations")
_QUEUE_SECONDS: Final = 60.0


class InvokeApi:
    """Answers Invoke requests of types RequestResponse, Event and DryRun."""

    def __init__(
        self, functions: Functions, asynchronous: AsynchronousInvocations, new_id: Callable[[], str]
    ) -> None:
        self._functions = functions
        self._asynchronous = asynchronous
        self._new_id = new_id

    def answer(self, request: Request, reference: str) -> Response:
        """The service's answer; `reference` is the function as it stands in the path."""
        try:
            pool = self._functions.find(_qualified(unquote(reference), request.args.get("Qualifier")))
        except FunctionNotFoundError as error:
            return _error(404, "ResourceNotFoundException", str(error))
        payload = request.get_data()
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        problem = _problem(payload, kind)
        if problem is not None:
            return problem
        if kind == "DryRun":
            return Response(status=204)
        if kind == "Event":
            return self._accept(pool, payload or b"{}")
        try:
            return _invoke(pool, request, payload or b"{}")
        except ThrottledError as error:
            return _throttled(error.reason)

    def _accept(self, pool: FunctionPool, payload: bytes) -> Response:
        identity = self._new_id()
        self._asynchronous.accept(identity, pool.program.name, payload)
        return Response(status=202, headers={"x-amzn-RequestId": identity})


def _invoke(pool: FunctionPool, request: Request, payload: bytes) -> Response:
    context = request.headers.get("X-Amz-Client-Context")
    decoded = base64.b64decode(context).decode() if context else None
    future = pool.submit(payload, decoded)
    try:
        outcome = future.result(timeout=pool.program.timeout_seconds + _QUEUE_SECONDS)
    except FutureTimeoutError:
        future.cancel()
        return _throttled(ACCOUNT_EXCEEDED)
    return _response(outcome, wants_log=request.headers.get("X-Amz-Log-Type") == "Tail")


def _response(outcome: Outcome, *, wants_log: bool) -> Response:
    response = Response(outcome.payload, status=200, content_type="application/json")
    response.headers["x-amzn-RequestId"] = outcome.request_id
    response.headers["X-Amz-Executed-Version"] = "$LATEST"
    if outcome.function_error is not None:
        response.headers["X-Amz-Function-Error"] = outcome.function_error
    if wants_log:
        response.headers["X-Amz-Log-Result"] = base64.b64encode(outcome.log_tail).decode()
    return response


def _problem(payload: bytes, kind: str) -> Response | None:
    limit = MAXIMUM_EVENT if kind == "Event" else MAXIMUM_PAYLOAD
    if len(payload) > limit:
        message = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
        return _error(413, "RequestTooLargeException", message)
    if kind not in {"RequestResponse", "Event", "DryRun"}:
        return _error(400, "InvalidParameterValueException", f"Unknown invocation type: {kind}")
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        return _error(400, "InvalidRequestContentException", message)
    return None


def _qualified(reference: str, qualifier: str | None) -> str:
    return f"{reference}:{qualifier}" if qualifier and not reference.endswith(f":{qualifier}") else reference


def _throttled(reason: str) -> Response:
    body = json.dumps({"Reason": reason, "Type": "User", "message": RATE_EXCEEDED})
    headers = {"x-amzn-ErrorType": "TooManyRequestsException"}
    return Response(body, 429, headers, content_type="application/json")


def _error(status: int, code: str, message: str) -> Response:
    body = json.dumps({"Type": "User", "Message": message, "message": message})
    return Response(body, status, {"x-amzn-ErrorType": code}, content_type="application/json")
