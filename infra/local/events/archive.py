"""Events that archives keep: a file for each archive with a line for each event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.files import append_line, file_stem, whole_lines


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of a client's; `pattern` is the JSON text of its pattern, None for all events of the bus."""

    name: str
    identity: str
    """Of its making: an archive of the same name that is made later is another one."""
    bus: str
    pattern: str | None
    retention_days: int


class ArchivedEvents:
    """Appends events as they come; what an archive keeps too long is left out when it is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, archive: Archive, event: Mapping[str, Any], at: float) -> None:
        """Keep an event of a time (epoch seconds); returns when it is on disk."""
        append_line(self._path(archive), json.dumps([at, dict(event)], separators=(",", ":")).encode())

    def between(self, archive: Archive, start: float, end: float) -> Iterator[tuple[float, dict[str, Any]]]:
        """The events from `start` up to, not including, `end`, in the order in which they came."""
        path = self._path(archive)
        if not path.exists():
            return
        for line in whole_lines(path):
            at, event = json.loads(line)
            if start <= at < end:
                yield float(at), event

    def _path(self, archive: Archive) -> Path:
        return self._folder / f"{file_stem(f'{archive.name} {archive.identity}')}.log"
