"""EventBridge's PutEvents: entries checked one by one, events given to their buses.

Source: the EventBridge API reference, PutEvents, and its user guide, "Handling failures with PutEvents".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from infra.local.events.bus import Bus
from infra.local.names import ACCOUNT, REGION
from infra.local.scheduler import Clock

_MOST_ENTRIES: Final = 10
_MOST_BYTES: Final = 1024 * 1024
"""Of one request (EventBridge quotas)."""
_TIME_BYTES: Final = 14
_REQUIRED: Final = ("Source", "DetailType", "Detail")


class InvalidPutEventsError(Exception):
    """The whole request is refused with a ValidationException."""


@dataclass(frozen=True, slots=True)
class PutEvents:
    """Answers PutEvents."""

    bus: Bus
    buses: Callable[[], Collection[str]]
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The response's body; raises InvalidPutEventsError."""
        entries = request.get("Entries")
        if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_ENTRIES:
            bound = "greater than or equal to 1" if not entries else "less than or equal to 10"
            raise InvalidPutEventsError(
                f"1 validation error detected: Value '{entries or []}' at 'entries' failed to satisfy "
                f"constraint: Member must have length {bound}"
            )
        if sum(map(_size, entries)) > _MOST_BYTES:
            raise InvalidPutEventsError("Total size of the entries in the request is over the limit.")
        results = [self._put(entry) for entry in entries]
        return {"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results}

    def _put(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        problem = _problem(entry)
        if problem is not None:
            return {"ErrorCode": problem[0], "ErrorMessage": problem[1]}
        bus = str(entry.get("EventBusName") or "default").rpartition("/")[2]
        identity = self.new_id()
        # An event for a bus that does not exist is taken and lost, as on the service.
        if bus in self.buses():
            self.bus.publish(self._event(entry, identity), bus)
        return {"EventId": identity}

    def _event(self, entry: Mapping[str, Any], identity: str) -> dict[str, Any]:
        seconds = float(entry.get("Time") or self.clock())
        return {
            "version": "0",
            "id": identity,
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "account": ACCOUNT,
            "time": datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": entry.get("Resources") or [],
            "detail": json.loads(entry["Detail"]),
        }


def _problem(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    for name in _REQUIRED:
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return "InvalidArgument", reason
    if str(entry["Source"]).startswith("aws."):
        return "NotAuthorizedForSourceException", "Not authorized for the source."
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    return None if isinstance(detail, dict) else ("MalformedDetail", "Detail is malformed.")


def _size(entry: Mapping[str, Any]) -> int:
    resources = entry.get("Resources") or []
    texts = [str(text or "") for text in (*map(entry.get, _REQUIRED), *resources)]
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if entry.get("Time") else 0)
