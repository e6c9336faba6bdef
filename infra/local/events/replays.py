"""Replays of archives: given to the rules of their bus again, a part at a time, also over a restart.

Source: EventBridge user guide, "Archiving and replaying events", and its API reference, StartReplay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from infra.local.events.archive import Archive, ArchivedEvents
from infra.local.events.bus import Bus
from infra.local.events.replay import CANCELLED, COMPLETED, RUNNING, Replay
from infra.local.files import write_whole
from infra.local.names import ACCOUNT, REGION
from infra.local.scheduler import Clock, Scheduler

_AT_ONCE: Final = 100
_DAY_SECONDS: Final = 86_400


class ReplayError(Exception):
    """The service refuses a request about replays."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Replays:
    """Everything happens in the scheduler's thread; each change is written before it is told."""

    def __init__(
        self,
        path: Path,
        events: ArchivedEvents,
        archive: Callable[[str], Archive | None],
        bus: Bus,
        scheduler: Scheduler,
        clock: Clock,
    ) -> None:
        self._path = path
        self._events = events
        self._archive = archive
        self._bus = bus
        self._scheduler = scheduler
        self._clock = clock
        known = json.loads(path.read_bytes()) if path.exists() else []
        self._all = {one["name"]: Replay(**one) for one in known}

    def resume(self) -> None:
        """Go on with what an earlier process had begun."""
        for replay in self._all.values():
            if replay.state == RUNNING:
                self._scheduler.call_soon(partial(self._advance, replay.name))

    def operations(self) -> Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        """What of the service's API is answered here; each may raise ReplayError."""
        return {
            "StartReplay": lambda given: self._scheduler.call(lambda: self._start(given)),
            "DescribeReplay": lambda given: self._of(given).described(),
            "ListReplays": self._list,
            "CancelReplay": lambda given: self._scheduler.call(lambda: self._cancel(given)),
        }

    def _start(self, given: Mapping[str, Any]) -> dict[str, Any]:
        name, source = str(given["ReplayName"]), str(given["EventSourceArn"])
        archive = self._archive(source.rpartition("/")[2])
        if archive is None:
            raise ReplayError(
                "ValidationException",
                f"Parameter EventSourceArn is not valid. Reason: Archive {source} does not exist.",
            )
        replay = Replay(
            name=name,
            arn=f"arn:aws:events:{REGION}:{ACCOUNT}:replay/{name}",
            archive=source,
            destination=given["Destination"],
            start=float(given["EventStartTime"]),
            end=float(given["EventEndTime"]),
            started_at=self._clock(),
            description=given.get("Description"),
        )
        self._check(replay, archive)
        self._keep(replay)
        self._scheduler.call_soon(partial(self._advance, name))
        return {"ReplayArn": replay.arn, "ReplayStartTime": replay.started_at, "State": "STARTING"}

    def _check(self, replay: Replay, archive: Archive) -> None:
        if replay.name in self._all:
            raise ReplayError("ResourceAlreadyExistsException", f"Replay {replay.name} already exists.")
        if replay.bus != archive.bus:
            raise ReplayError(
                "ValidationException",
                "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
            )
        if replay.start >= replay.end:
            raise ReplayError(
                "ValidationException",
                "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
            )

    def _list(self, given: Mapping[str, Any]) -> dict[str, Any]:
        prefix, source, state = given.get("NamePrefix"), given.get("EventSourceArn"), given.get("State")
        if sum(one is not None for one in (prefix, source, state)) > 1:
            raise ReplayError(
                "ValidationException",
                "At most one filter is allowed for ListReplays. "
                "Use either : State, EventSourceArn, or NamePrefix.",
            )
        found = (
            replay.listed()
            for replay in self._all.values()
            if replay.name.startswith(prefix or "")
            and source in (None, replay.archive)
            and state in (None, replay.state)
        )
        return {"Replays": list(found)}

    def _cancel(self, given: Mapping[str, Any]) -> dict[str, Any]:
        replay = self._of(given)
        if replay.state != RUNNING:
            raise ReplayError(
                "IllegalStatusException", f"Replay {replay.name} is not in a valid state for this operation."
            )
        self._keep(replace(replay, state=CANCELLED, ended_at=self._clock()))
        return {"ReplayArn": replay.arn, "State": "CANCELLING"}

    def _of(self, given: Mapping[str, Any]) -> Replay:
        name = str(given["ReplayName"])
        if name not in self._all:
            raise ReplayError("ResourceNotFoundException", f"Replay {name} does not exist.")
        return self._all[name]

    def _advance(self, name: str) -> None:
        """Replay the next part; the rest later, so that nothing else waits for long."""
        replay = self._all[name]
        if replay.state != RUNNING:
            return
        part = self._part(replay)
        for at, event in part:
            self._bus.publish({**event, "replay-name": name}, replay.bus, replay.rules)
            replay = replace(replay, replayed=replay.replayed + 1, last_at=at)
        if len(part) < _AT_ONCE:
            self._keep(replace(replay, state=COMPLETED, ended_at=self._clock()))
            return
        self._keep(replay)
        self._scheduler.call_soon(partial(self._advance, name))

    def _part(self, replay: Replay) -> list[tuple[float, dict[str, Any]]]:
        archive = self._archive(replay.archive.rpartition("/")[2])
        if archive is None:
            return []
        start = replay.start
        if archive.retention_days:
            start = max(start, replay.started_at - archive.retention_days * _DAY_SECONDS)
        events = self._events.between(archive, start, replay.end)
        return list(islice(events, replay.replayed, replay.replayed + _AT_ONCE))

    def _keep(self, replay: Replay) -> None:
        kept = {**self._all, replay.name: replay}
        write_whole(self._path, json.dumps([asdict(one) for one in kept.values()]).encode())
        self._all = kept
