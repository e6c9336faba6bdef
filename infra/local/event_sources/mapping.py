"""One event source mapping, and what the Lambda service refuses about one.

Source: Lambda API reference, CreateEventSourceMapping, and developer guide, "Using Lambda with Amazon SQS".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

REPORTS: Final = "ReportBatchItemFailures"
_MOST_MESSAGES: Final = 10_000
_MOST_WITHOUT_WINDOW: Final = 10
_LONGEST_WINDOW: Final = 300
_BATCHES: Final = range(2, 1001)
INVALID: Final = "InvalidParameterValueException"


class MappingError(Exception):
    """The service refuses a request about mappings."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A queue whose messages go to a function; `changed_at` in epoch seconds."""

    identity: str
    queue: str
    """Its ARN."""
    function: str
    """Its ARN."""
    changed_at: float
    batch_size: int = 10
    window_seconds: int = 0
    most_batches: int | None = None
    reports_failures: bool = False
    enabled: bool = True
    declared: bool = False
    """Whether the topology names it: then every start makes it what the topology says."""

    @property
    def queue_name(self) -> str:
        """The name of its queue."""
        return self.queue.rpartition(":")[2]

    def described(self) -> dict[str, Any]:
        """As the service tells it."""
        scaling = {"MaximumConcurrency": self.most_batches} if self.most_batches is not None else None
        return {
            "UUID": self.identity,
            "BatchSize": self.batch_size,
            "MaximumBatchingWindowInSeconds": self.window_seconds,
            "EventSourceArn": self.queue,
            "EventSourceMappingArn": _arn(self.function, self.identity),
            "FunctionArn": self.function,
            "LastModified": self.changed_at,
            "State": "Enabled" if self.enabled else "Disabled",
            "StateTransitionReason": "USER_INITIATED",
            "FunctionResponseTypes": [REPORTS] if self.reports_failures else [],
            **({"ScalingConfig": scaling} if scaling is not None else {}),
        }


def options(given: Mapping[str, Any], *, fifo: bool) -> dict[str, Any]:
    """The attributes of a mapping that a request sets; raises MappingError."""
    found: dict[str, Any] = {}
    if given.get("BatchSize") is not None:
        most = _MOST_WITHOUT_WINDOW if fifo else _MOST_MESSAGES
        found["batch_size"] = _number(given["BatchSize"], "BatchSize", 1, most)
    if given.get("MaximumBatchingWindowInSeconds") is not None:
        most = 0 if fifo else _LONGEST_WINDOW
        name = "MaximumBatchingWindowInSeconds"
        found["window_seconds"] = _number(given[name], name, 0, most)
    if given.get("Enabled") is not None:
        found["enabled"] = bool(given["Enabled"])
    if given.get("FunctionResponseTypes") is not None:
        found["reports_failures"] = REPORTS in given["FunctionResponseTypes"]
    if given.get("ScalingConfig") is not None:
        most_batches = given["ScalingConfig"].get("MaximumConcurrency")
        if most_batches is not None:
            _number(most_batches, "MaximumConcurrency", _BATCHES.start, _BATCHES.stop - 1)
        found["most_batches"] = most_batches
    if given.get("FilterCriteria"):
        raise MappingError(
            400, INVALID, "The local cloud gives a function all messages: leave out FilterCriteria."
        )
    return found


def check(mapping: SourceMapping, visibility_seconds: int | None, timeout_seconds: float) -> None:
    """Raises MappingError for what only the whole tells."""
    if visibility_seconds is None:
        raise MappingError(
            400,
            INVALID,
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist.",
        )
    if visibility_seconds < timeout_seconds:
        raise MappingError(
            400,
            INVALID,
            f"Queue visibility timeout: {visibility_seconds} seconds is less than Function timeout: "
            f"{timeout_seconds:.0f} seconds",
        )
    if mapping.batch_size > _MOST_WITHOUT_WINDOW and mapping.window_seconds < 1:
        raise MappingError(
            400,
            INVALID,
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        )


def _number(value: Any, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MappingError(
            400,
            INVALID,
            f"1 validation error detected: Value '{value}' at '{name[:1].lower()}{name[1:]}' failed to "
            f"satisfy constraint: Member must have value between {least} and {most}",
        )
    return value


def _arn(function: str, identity: str) -> str:
    return f"{function.partition(':function:')[0]}:event-source-mapping:{identity}"
