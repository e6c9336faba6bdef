"""The log of Express executions, which is all that stays of them (guide: Logging using CloudWatch Logs)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws.clients import Clients
from infra.local.states.event_data import without_data
from infra.local.states.machines import Machines
from infra.local.states.record import Started

_LOG: Final = logging.getLogger(__name__)
_MOST_EVENTS: Final = 1000
"""Of one PutLogEvents: fewer than the service takes, so that the bytes fit too."""
_FATAL: Final = frozenset({"ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"})
_BAD_ENDS: Final = ("Failed", "TimedOut", "Aborted")


@dataclass(frozen=True, slots=True)
class ExpressLog:
    """Writes to the log group that the machine's logging configuration names; `submit` runs it elsewhere."""

    machines: Machines
    clients: Clients
    submit: Callable[[Callable[[], None]], object]

    def write(self, started: Started, history: Sequence[Mapping[str, Any]]) -> None:
        """Write the events of an execution that has ended, as far as the machine's level asks for them."""
        machine = self.machines.find(started.machine)
        options = {} if machine is None else machine.options.get("loggingConfiguration")
        if not isinstance(options, Mapping) or options.get("level", "OFF") == "OFF":
            return
        group = _group(options)
        shown = [event for event in history if _is_wanted(str(options["level"]), str(event["type"]))]
        if group and shown:
            data = bool(options.get("includeExecutionData"))
            lines = [_line(started, event if data else without_data(event)) for event in shown]
            self.submit(lambda: self._put(group, started, lines))

    def _put(self, group: str, started: Started, lines: list[dict[str, Any]]) -> None:
        client = self.clients.of("logs")
        day = datetime.fromtimestamp(started.started_at, UTC)
        stream = f"states/{started.machine}/{day:%Y-%m-%d-%H-%M}/{started.arn.rpartition(':')[2]}"
        try:
            _make(lambda: client.create_log_group(logGroupName=group))
            _make(lambda: client.create_log_stream(logGroupName=group, logStreamName=stream))
            for first in range(0, len(lines), _MOST_EVENTS):
                part = lines[first : first + _MOST_EVENTS]
                client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=part)
        except (ClientError, BotoCoreError):
            _LOG.exception('the log of the Express execution "%s" is lost', started.name)


def _make(create: Callable[[], object]) -> None:
    try:
        create()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def _group(options: Mapping[str, Any]) -> str:
    """The name in `arn:aws:logs:region:account:log-group:NAME:*`."""
    for destination in options.get("destinations") or ():
        arn = str(destination.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", ""))
        name = arn.partition(":log-group:")[2].removesuffix(":*")
        if name:
            return name
    return ""


def _is_wanted(level: str, kind: str) -> bool:
    if level == "FATAL":
        return kind in _FATAL
    return level == "ALL" or kind in _FATAL or kind.endswith(_BAD_ENDS)


def _line(started: Started, event: Mapping[str, Any]) -> dict[str, Any]:
    milliseconds = round(event["timestamp"] * 1000)
    details: Any = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    line = {
        "id": str(event["id"]),
        "type": event["type"],
        "details": details,
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(milliseconds),
        "execution_arn": started.arn,
        "redrive_count": "0",
    }
    return {"timestamp": milliseconds, "message": json.dumps(line, ensure_ascii=False)}
