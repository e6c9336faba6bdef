"""SQS's parts, wired: queues whose callers may wait, and mappings that give messages to functions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from werkzeug.wrappers import Request, Response

from infra.local.aws.clients import Clients
from infra.local.aws.emulation import Emulation
from infra.local.aws.operation import operation_of
from infra.local.event_sources.api import EventSourcesApi
from infra.local.event_sources.mapping import SourceMapping
from infra.local.event_sources.mappings import Mappings
from infra.local.event_sources.poller import Poller
from infra.local.event_sources.queue import SourceQueue
from infra.local.functions.registry import Functions
from infra.local.queues.arrivals import Arrivals
from infra.local.queues.emulated import release, visibility
from infra.local.queues.receiving import Receiving
from infra.local.scheduler import Clock
from infra.topology import Topology

_FILLING: Final = frozenset({"", "sqs", "sns", "s3"})
"""Services whose requests can put something into a queue within moto."""


class Queueing:
    """`start` when the AWS endpoint is served and the queues are there; `stop` before it is not any more."""

    def __init__(
        self,
        path: Path,
        emulation: Emulation,
        clients: Clients,
        functions: Functions,
        submit: Callable[[Callable[[], None]], None],
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._emulation = emulation
        self._clients = clients
        self._functions = functions
        self._submit = submit
        self._clock = clock
        self._arrivals = Arrivals()
        self._lock = threading.Lock()
        self._started = False
        self._pollers: dict[SourceMapping, Poller] = {}
        self._mappings = Mappings(
            path,
            functions,
            lambda name: emulation.read(lambda: visibility(name)),
            self._follow,
            clock,
            new_id,
        )

    def start(self, deployment: Topology) -> None:
        """Begin to poll; what an earlier process had received and not deleted can be received at once."""
        self._mappings.declare(deployment)
        names = {mapping.queue_name for mapping in self._mappings.all()}
        if names:
            self._emulation.change(lambda: release(names))
        self._started = True
        self._follow()

    def stop(self) -> None:
        """Take no more messages."""
        with self._lock:
            self._started = False
            pollers = list(self._pollers.values())
            self._pollers.clear()
        for poller in pollers:
            poller.stop()
        for poller in pollers:
            poller.join()

    def before(self) -> tuple[Callable[[Request], Response | None], ...]:
        """What answers instead of the emulation."""
        receiving = Receiving(self._emulation, self._arrivals, self._clock)
        return (receiving.answer, EventSourcesApi(self._mappings).answer)

    def after(self, request: Request) -> None:
        """Wake those who wait if a request may have put something into a queue."""
        operation = operation_of(request)
        if operation.service in _FILLING and not operation.only_reads and operation.name != "ReceiveMessage":
            self._arrivals.tell()

    def _follow(self) -> None:
        """Have one poller for each enabled mapping as it is now."""
        with self._lock:
            if not self._started:
                return
            wanted = {mapping for mapping in self._mappings.all() if mapping.enabled}
            for mapping in self._pollers.keys() - wanted:
                self._pollers.pop(mapping).stop()
            for mapping in wanted - self._pollers.keys():
                self._pollers[mapping] = self._poller(mapping)
                self._pollers[mapping].start()

    def _poller(self, mapping: SourceMapping) -> Poller:
        queue = SourceQueue(mapping.queue_name, self._clients, self._emulation, self._arrivals, self._clock)
        pool = self._functions.find(mapping.function)
        return Poller(mapping, queue, pool, self._submit)
