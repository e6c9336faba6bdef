"""One invocation of a function and what comes of it, with the errors that Lambda itself reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

MAXIMUM_PAYLOAD: Final = 6 * 1024 * 1024
"""AWS Lambda quotas: synchronous request and response, each 6 MB."""
MAXIMUM_RESPONSE: Final = 6_291_556
MAXIMUM_EVENT: Final = 1024 * 1024
"""AWS Lambda quotas: asynchronous request, 1 MB."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One request to a function."""

    request_id: str
    payload: bytes
    client_context: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to an invocation: the payload, `Unhandled` if the function failed, and the log's end."""

    request_id: str
    payload: bytes
    function_error: str | None = None
    log_tail: bytes = b""


def platform_error(invocation: Invocation, kind: str, text: str) -> Outcome:
    """An error that the service reports in the function's place."""
    message = f"RequestId: {invocation.request_id} Error: {text}"
    payload = json.dumps({"errorType": kind, "errorMessage": message}, separators=(",", ":"))
    return Outcome(invocation.request_id, payload.encode(), "Unhandled")


def timed_out(invocation: Invocation, seconds: float) -> Outcome:
    """The function took longer than it may."""
    return platform_error(invocation, "Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds")


def exited(invocation: Invocation, code: int | None) -> Outcome:
    """The function's process ended before it answered; `code` as `subprocess` gives it."""
    return platform_error(invocation, "Runtime.ExitError", _exit_text(code))


def response_too_large(invocation: Invocation, size: int) -> Outcome:
    """The function answered more than the service passes on."""
    limit = f"exceeded maximum allowed payload size ({MAXIMUM_RESPONSE} bytes)."
    message = f"Response payload size ({size} bytes) {limit}"
    payload = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
    return Outcome(invocation.request_id, json.dumps(payload, separators=(",", ":")).encode(), "Unhandled")


def _exit_text(code: int | None) -> str:
    if code is None or code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    return f"Runtime exited with error: signal: {_signal_text(-code)}"


def _signal_text(number: int) -> str:
    names = {9: "killed", 11: "segmentation fault", 6: "aborted", 15: "terminated"}
    return names.get(number, str(number))
