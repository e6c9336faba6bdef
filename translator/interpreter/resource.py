"""What the resource of a Task says: which events the task writes, and when it is over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

_SERVICE: Final = re.compile(
    r"arn:[\w-]+:states:[^:]*:[^:]*:(?P<type>aws-sdk:[\w-]+|[\w-]+):(?P<call>\w+(?P<pattern>\.sync(?::2)?|\.waitForTaskToken)?)"
)
_FUNCTION: Final = re.compile(r"arn:[\w-]+:lambda:[^:]+:[^:]+:function:.+")
_ACTIVITY: Final = re.compile(r"arn:[\w-]+:states:[^:]+:[^:]+:activity:.+")


class Family(Enum):
    """Which events a task writes: Task…, LambdaFunction… or Activity…."""

    SERVICE = "Task"
    FUNCTION = "LambdaFunction"
    ACTIVITY = "Activity"


class Pattern(Enum):
    """When the task is over: with the answer, with the other side's own end, or with its token."""

    REQUEST_RESPONSE = ""
    RUN_A_JOB = ".sync"
    CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class Resource:
    """A parsed `Resource`; `kind` and `call` are the events' resourceType and resource."""

    arn: str
    family: Family
    pattern: Pattern = Pattern.REQUEST_RESPONSE
    kind: str = ""
    call: str = ""

    @property
    def operation(self) -> str:
        """The operation alone, such as sendMessage of sendMessage.waitForTaskToken."""
        return self.call.partition(".")[0]


def parse_resource(arn: str) -> Resource | None:
    """The resource that the ARN names, or None if no Task can have it."""
    if _FUNCTION.fullmatch(arn):
        return Resource(arn, Family.FUNCTION)
    if _ACTIVITY.fullmatch(arn):
        return Resource(arn, Family.ACTIVITY)
    match = _SERVICE.fullmatch(arn)
    if match is None:
        return None
    suffix = match["pattern"] or ""
    pattern = Pattern.RUN_A_JOB if suffix.startswith(".sync") else Pattern(suffix)
    return Resource(arn, Family.SERVICE, pattern, match["type"], match["call"])
