"""One thing to hand over, as it is kept on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Delivery:
    """A payload for a target.

    `identity` is the same for the same event or scheduled time and target; `parameters` are the target's own,
    such as `SqsParameters`; `details` are the attributes that a dead letter has on top of the error.
    """

    identity: str
    source: str
    """The ARN of the rule or the schedule."""
    target: str
    payload: str
    accepted_at: float
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dead_letter: str | None = None
    attempts: int = 185
    age_seconds: float = DAY_SECONDS
    tries: int = 0
    details: Mapping[str, str] = field(default_factory=dict)

    def again(self) -> Delivery:
        """The same after a failed try."""
        return replace(self, tries=self.tries + 1)

    def to_bytes(self) -> bytes:
        """A JSON object with a field for each attribute."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()

    @staticmethod
    def from_bytes(content: bytes) -> Delivery:
        """The delivery in a file; raises ValueError or TypeError if it holds none."""
        record = json.loads(content)
        if not isinstance(record, dict):
            raise TypeError("a delivery is an object")
        return Delivery(**record)


def limits(target: Mapping[str, Any]) -> Mapping[str, Any]:
    """Attributes of a Delivery that a target's `RetryPolicy` and `DeadLetterConfig` set."""
    policy = target.get("RetryPolicy") or {}
    return {
        "attempts": int(policy.get("MaximumRetryAttempts", 185)),
        "age_seconds": float(policy.get("MaximumEventAgeInSeconds", DAY_SECONDS)),
        "dead_letter": (target.get("DeadLetterConfig") or {}).get("Arn"),
    }
