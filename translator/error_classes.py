"""The classes of failure that a node can end with, and every name each has on the service."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final


class NodeError(Exception):
    """A failure of a node; the class's name is the error's name in the state machine.

    `retry_after` (seconds) is what the other side asked for before another attempt.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Network(NodeError):  # noqa: N818 (the class's name is the error's name)
    """The other side could not be reached, or the connection broke before an answer."""


class Timeout(NodeError):  # noqa: N818
    """No answer within the node's time."""


class Validation(NodeError):  # noqa: N818
    """The node's input, or the answer it got, does not fit what was declared."""


class Permission(NodeError):  # noqa: N818
    """The other side refused the caller (HTTP 401 and 403)."""


class Throttled(NodeError):  # noqa: N818
    """The other side asked to come back later (HTTP 429, or 503 with Retry-After)."""


class System(NodeError):  # noqa: N818
    """The other side failed (HTTP 5xx), or the platform under the node did."""


class Unknown(NodeError):  # noqa: N818
    """A failure that fits no other class."""


class OutcomeUnknown(NodeError):  # noqa: N818
    """A `once` node may or may not have acted, and trying again is not safe."""


def named_error(name: str, message: str) -> NodeError:
    """An error of the user's own name, as a state machine will see it."""
    error: NodeError = type(name, (NodeError,), {"__doc__": "An error that a node named itself."})(message)
    return error


EXPRESSION_FAILED: Final = "States.QueryEvaluationError"
"""The service's name for an expression that has no value, or one of a wrong type."""
NAMES_OF_CLASS: Final = MappingProxyType(
    {
        "Network": ("Network",),
        "Timeout": ("Timeout", "States.Timeout", "States.HeartbeatTimeout", "Sandbox.Timedout"),
        "Validation": ("Validation", "States.QueryEvaluationError"),
        "Permission": ("Permission", "States.Permissions", "Lambda.AccessDeniedException"),
        "Throttled": ("Throttled", "Lambda.TooManyRequestsException"),
        "System": (
            "System",
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.Unknown",
            "Runtime.ExitError",
        ),
        "Unknown": ("Unknown",),
        "OutcomeUnknown": ("OutcomeUnknown",),
    }
)
"""DESIGN: one class, all its names on the service (AWS: Step Functions error names, Lambda's own)."""
