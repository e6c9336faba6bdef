"""An activity as it is kept, and its ARN (Step Functions developer guide: Activities)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from infra.local.names import ACCOUNT, REGION
from infra.local.states.service_error import ServiceError, invalid_arn

_ARN: Final = re.compile(r"arn:aws[\w-]*:states:[\w-]+:\d{12}:activity:(?P<name>[^:]{1,80})")


@dataclass(frozen=True, slots=True)
class Activity:
    """`created_at` is in epoch seconds; `tags` are pairs of key and value."""

    name: str
    created_at: float
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def arn(self) -> str:
        """The activity's ARN."""
        return f"arn:aws:states:{REGION}:{ACCOUNT}:activity:{self.name}"

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Activity:
        """The activity in a record."""
        tags = tuple((str(key), str(value)) for key, value in record["tags"])
        return Activity(str(record["name"]), float(record["created_at"]), tags)


def activity_name(arn: str) -> str:
    """The name in an activity's ARN. Raises ServiceError InvalidArn."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise invalid_arn(arn)
    return found["name"]


def no_such_activity(arn: str) -> ServiceError:
    """No activity of that ARN."""
    return ServiceError("ActivityDoesNotExist", f"Activity does not exist: '{arn}'")
