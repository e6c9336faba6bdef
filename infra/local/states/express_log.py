"""The log of Express executions, which is all that stays of them (guide: Logging using CloudWatch Logs)."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws.clients import Clients
from infra.local.states.event_data import without_data
from infra.local.states.log_lines import LogLine, batches, log_line
from infra.local.states.machine_options import log_group_of
from infra.local.states.machines import Machines
from infra.local.states.record import Started

_LOG: Final = logging.getLogger(__name__)
_FATAL: Final = frozenset({"ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"})
_BAD_ENDS: Final = ("Failed", "TimedOut", "Aborted")


@dataclass(slots=True)
class _Waiting:
    """What is to be written to one stream, and who is to be told then."""

    lines: list[LogLine] = field(default_factory=list)
    done: list[Callable[[], None]] = field(default_factory=list)


class ExpressLog:
    """Writes to the log group that the machine's logging configuration names; `submit` runs it elsewhere.

    As on the service executions share streams, one per machine and minute: what ends while a write is under
    way is written with the next one, whoever it belongs to.
    """

    def __init__(
        self, machines: Machines, clients: Clients, submit: Callable[[Callable[[], None]], object]
    ) -> None:
        self._machines = machines
        self._clients = clients
        self._submit = submit
        self._lock = threading.Lock()
        self._waiting: defaultdict[tuple[str, str], _Waiting] = defaultdict(_Waiting)
        self._busy = False

    def write(self, started: Started, history: Sequence[Mapping[str, Any]], done: Callable[[], None]) -> None:
        """Write the events of an execution that has ended, as far as the machine's level asks for them.

        `done` is called, in any thread, once they are where subscribed functions will get them.
        """
        group, lines = self._wanted(started, history)
        if not group or not lines:
            done()
            return
        day = datetime.fromtimestamp(started.started_at, UTC)
        stream = f"states/{started.machine}/{day:%Y-%m-%d-%H-%M}/00000000"
        with self._lock:
            waiting = self._waiting[group, stream]
            waiting.lines += lines
            waiting.done.append(done)
            if self._busy:
                return
            self._busy = True
        self._submit(self._drain)

    def _wanted(self, started: Started, history: Sequence[Mapping[str, Any]]) -> tuple[str, list[LogLine]]:
        machine = self._machines.find(started.machine)
        revision = None if machine is None else machine.revision_started(started.version)
        options = {} if revision is None else revision.options.get("loggingConfiguration")
        level = str(options.get("level", "OFF")) if isinstance(options, Mapping) else "OFF"
        if not isinstance(options, Mapping) or level == "OFF":
            return "", []
        data = bool(options.get("includeExecutionData"))
        shown = [event for event in history if _is_wanted(level, str(event["type"]))]
        lines = [log_line(started.arn, event if data else without_data(event)) for event in shown]
        return log_group_of(options), lines

    def _drain(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._busy = False
                    return
                (group, stream), waiting = self._waiting.popitem()
            if self._put(group, stream, waiting.lines):
                for done in waiting.done:
                    done()

    def _put(self, group: str, stream: str, lines: list[LogLine]) -> bool:
        """Whether there is nothing more to be done about these lines."""
        client = self._clients.of("logs")
        try:
            _make(lambda: client.create_log_stream(logGroupName=group, logStreamName=stream))
            for batch in batches(lines):
                client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=batch)
        except ClientError:
            _LOG.exception('lines of the log group "%s" are lost', group)
        except BotoCoreError:
            # The endpoint is not served any more: the next process runs these executions again.
            return False
        return True


def _make(create: Callable[[], object]) -> None:
    try:
        create()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def _is_wanted(level: str, kind: str) -> bool:
    if level == "FATAL":
        return kind in _FATAL
    return level == "ALL" or kind in _FATAL or kind.endswith(_BAD_ENDS)
