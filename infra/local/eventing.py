"""EventBridge's parts, wired: buses with their rules, schedules, and the deliveries of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from werkzeug.wrappers import Request, Response

from infra.local.aws.emulation import Emulation
from infra.local.aws.operation import operation_of
from infra.local.delivery.deliveries import Deliveries
from infra.local.events import emulated as events
from infra.local.events.api import EventsApi
from infra.local.events.archive import ArchivedEvents
from infra.local.events.bus import Bus
from infra.local.events.put_events import PutEvents
from infra.local.events.replays import Replays
from infra.local.scheduler import Clock, Scheduler
from infra.local.schedules import api as schedules_api
from infra.local.schedules import emulated as schedules
from infra.local.schedules.entry import Entry
from infra.local.schedules.firing import Firing, Missed
from infra.local.schedules.position import Positions


class Eventing:
    """In order `recover`, then `start` when the AWS endpoint is served."""

    def __init__(
        self,
        emulation: Emulation,
        deliveries: Deliveries,
        folder: Path,
        scheduler: Scheduler,
        clock: Clock,
        missed: Missed,
    ) -> None:
        self._emulation = emulation
        self._scheduler = scheduler
        self._clock = clock
        self._deliveries = deliveries
        archived = ArchivedEvents(folder / "archives")
        self.bus = Bus(
            lambda name: emulation.read(lambda: events.rules_of(name)),
            deliveries.accept,
            clock,
            lambda name: emulation.read(lambda: events.archives_of(name)),
            archived,
        )
        self._replays = Replays(
            folder / "replays.json",
            archived,
            lambda name: emulation.read(lambda: events.archive(name)),
            self.bus,
            scheduler,
            clock,
        )
        self._firing = Firing(
            self._entries,
            lambda entry: emulation.read(lambda: schedules.delete(entry)),
            deliveries.accept,
            Positions(folder / "schedules.log"),
            scheduler,
            clock,
            missed,
        )

    def recover(self) -> None:
        """Take up the deliveries of an earlier process."""
        self._deliveries.recover()

    def start(self) -> None:
        """Begin to fire, what was missed too as the settings say, and go on with replays."""
        self._replays.resume()
        self._scheduler.call_soon(self._firing.refresh)

    def before(self, new_id: Callable[[], str]) -> tuple[Callable[[Request], Response | None], ...]:
        """What answers instead of the emulation."""
        put = PutEvents(self.bus, lambda: self._emulation.read(events.buses), self._clock, new_id)
        return (EventsApi(put, self._replays).answer, schedules_api.refusal)

    def after(self, request: Request) -> None:
        """Look at the schedules again when a request may have changed one."""
        operation = operation_of(request)
        if operation.service in {"scheduler", "events"} and not operation.only_reads:
            self._scheduler.call_soon(self._firing.refresh)

    def _entries(self) -> Iterator[Entry]:
        return iter(self._emulation.read(self._read_entries))

    @staticmethod
    def _read_entries() -> tuple[Entry, ...]:
        rules = tuple(rule for name in events.buses() for rule in events.rules_of(name))
        return (*schedules.scheduled(), *schedules.ruled(rules))
