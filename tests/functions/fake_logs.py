"""A stand-in for CloudWatch Logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.functions.fakes import refusal


@dataclass
class FakeLogs:
    """Log groups, each with what it is subscribed by."""

    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    failing: BaseException | None = None
    """What subscribing raises instead of doing its work."""

    def create_log_group(self, **arguments: Any) -> None:
        if arguments["logGroupName"] in self.groups:
            raise refusal("ResourceAlreadyExistsException")
        self.groups[arguments["logGroupName"]] = {}

    def put_retention_policy(self, **arguments: Any) -> None:
        self.groups[arguments["logGroupName"]]["days"] = arguments["retentionInDays"]

    def put_subscription_filter(self, **arguments: Any) -> None:
        if self.failing is not None:
            raise self.failing
        name = arguments["filterName"]
        self.groups[arguments["logGroupName"]][name] = (
            arguments["filterPattern"],
            arguments["destinationArn"],
        )
