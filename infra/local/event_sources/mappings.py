"""All event source mappings, kept in one file; each change is written before it is answered."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from infra.local.event_sources.mapping import MappingError, SourceMapping, check, options
from infra.local.files import write_whole
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.names import function_arn, function_name, queue_arn, queue_name
from infra.local.scheduler import Clock
from infra.topology import Topology


class Mappings:
    """Answers what the Lambda API is asked about mappings; `changed` is told after each change."""

    def __init__(
        self,
        path: Path,
        functions: Functions,
        visibility: Callable[[str], int | None],
        changed: Callable[[], None],
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._path = path
        self._functions = functions
        self._visibility = visibility
        self._changed = changed
        self._clock = clock
        self._new_id = new_id
        self._lock = threading.Lock()
        known = json.loads(path.read_bytes()) if path.exists() else []
        self._all = {one["identity"]: SourceMapping(**one) for one in known}

    def all(self) -> tuple[SourceMapping, ...]:
        """Every mapping."""
        return tuple(self._all.values())

    def declare(self, deployment: Topology) -> None:
        """Make the topology's mappings what it says; those of clients stay."""
        with self._lock:
            own = [one for one in self._all.values() if not one.declared]
            self._keep([*own, *declared(deployment, self._clock())])

    def create(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """CreateEventSourceMapping; raises MappingError."""
        queue = str(given.get("EventSourceArn", ""))
        function = self._function(str(given.get("FunctionName", "")))
        mapping = SourceMapping(self._new_id(), queue, function, self._clock(), **_options(given, queue))
        self._check(mapping)
        with self._lock:
            for known in self._all.values():
                if (known.queue, known.function) == (queue, function):
                    raise _exists(known)
            self._keep([*self._all.values(), mapping])
        return mapping.described()

    def get(self, identity: str) -> dict[str, Any]:
        """GetEventSourceMapping; raises MappingError."""
        return self._of(identity).described()

    def list(self, queue: str | None, function: str | None) -> list[dict[str, Any]]:
        """ListEventSourceMappings; raises MappingError."""
        arn = self._function(function) if function else None
        found = (
            one for one in self._all.values() if queue in (None, one.queue) and arn in (None, one.function)
        )
        return [one.described() for one in found]

    def update(self, identity: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """UpdateEventSourceMapping; raises MappingError."""
        with self._lock:
            known = self._of(identity)
            mapping = replace(known, changed_at=self._clock(), **_options(given, known.queue))
            if given.get("FunctionName"):
                mapping = replace(mapping, function=self._function(str(given["FunctionName"])))
            self._check(mapping)
            self._keep({**self._all, identity: mapping}.values())
        return mapping.described()

    def delete(self, identity: str) -> dict[str, Any]:
        """DeleteEventSourceMapping; raises MappingError."""
        with self._lock:
            known = self._of(identity)
            self._keep([one for one in self._all.values() if one is not known])
        return {**known.described(), "State": "Deleting"}

    def _of(self, identity: str) -> SourceMapping:
        known = self._all.get(identity)
        if known is None:
            raise MappingError(404, "ResourceNotFoundException", "The resource you requested does not exist.")
        return known

    def _function(self, reference: str) -> str:
        try:
            return self._functions.find(reference).program.arn
        except FunctionNotFoundError as error:
            raise MappingError(404, "ResourceNotFoundException", str(error)) from error

    def _check(self, mapping: SourceMapping) -> None:
        timeout = self._functions.find(mapping.function).program.timeout_seconds
        check(mapping, self._visibility(mapping.queue_name), timeout)

    def _keep(self, mappings: Iterable[SourceMapping]) -> None:
        kept = {one.identity: one for one in mappings}
        write_whole(self._path, json.dumps([asdict(one) for one in kept.values()]).encode())
        self._all = kept
        self._changed()


def declared(deployment: Topology, now: float) -> Iterable[SourceMapping]:
    """The mappings that a topology names, each under the same identity at every start."""
    for function in deployment.functions:
        arn = function_arn(function_name(deployment.project, function.name))
        for source in function.sources:
            queue = queue_arn(queue_name(deployment.project, source.queue))
            yield SourceMapping(
                identity=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{queue} {arn}")),
                queue=queue,
                function=arn,
                changed_at=now,
                batch_size=source.batch_size,
                window_seconds=source.window_seconds,
                most_batches=source.most_batches,
                reports_failures=source.reports_failures,
                declared=True,
            )


def _options(given: Mapping[str, Any], queue: str) -> dict[str, Any]:
    return options(given, fifo=queue.endswith(".fifo"))


def _exists(known: SourceMapping) -> MappingError:
    name = known.function.rpartition(":")[2]
    return MappingError(
        409,
        "ResourceConflictException",
        f'An event source mapping with SQS arn (" {known.queue} ") and function (" {name} ") already exists. '
        f"Please update or delete the existing mapping with UUID {known.identity}",
    )
