"""Executions on disk: journals of those that run, one whole file for each that has ended."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from infra.local.files import file_stem, write_whole
from infra.local.states.journal import Journal
from infra.local.states.map_run_record import MapRunRecord
from infra.local.states.record import Ended, Started, Summary

_LOG: Final = logging.getLogger(__name__)


class Archive:
    """A folder per state machine; an ended execution's file has its summary, its data and its history."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def journal(self, machine: str, name: str) -> Journal:
        """The journal of an execution."""
        path = self._path(machine, name, ".journal")
        path.parent.mkdir(exist_ok=True)
        return Journal(path)

    def journals(self) -> Iterator[Journal]:
        """The journals of executions that have not ended; those of archived ones are put away."""
        for path in sorted((*self._folder.glob("*/*.journal"), *self._folder.glob("*/*.ended"))):
            journal, archived = Journal(path), path.with_suffix(".json")
            ended = _ended(archived)
            if ended is not None and journal.redrives() <= ended.redrives:
                if path.suffix == ".journal":
                    _put_away(path, ended)
                continue
            # Redriven, and cut off before it was taken back into use.
            archived.unlink(missing_ok=True)
            yield Journal(path.replace(path.with_suffix(".journal")))

    def ended_journal(self, machine: str, name: str) -> Journal:
        """The journal of an execution that has ended; empty where it cannot be redriven."""
        return Journal(self._path(machine, name, ".ended"))

    def put_away(self, started: Started, ended: Ended) -> None:
        """Keep the journal of an archived execution if it may be redriven, else remove it."""
        _put_away(self._path(started.machine, started.name, ".journal"), ended)

    def reopen(self, started: Started) -> None:
        """Take the journal of an ended execution back into use; the archived end is void."""
        path = self._path(started.machine, started.name, ".ended")
        path.replace(path.with_suffix(".journal"))
        path.with_suffix(".json").unlink()

    def keep(self, started: Started, ended: Ended, history: Sequence[Mapping[str, Any]]) -> Summary:
        """Write an execution that has ended; its journal is of no use afterwards."""
        summary = Summary.of(started).ended(ended)
        data = {"started": started.to_json(), "ended": ended.to_json()}
        lines = (summary.to_json(), data, list(history))
        content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        path = self._path(started.machine, started.name, ".json")
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content, against_power_loss=False)
        return summary

    def keep_map_runs(
        self, started: Started, runs: Sequence[MapRunRecord], histories: Iterable[Sequence[Mapping[str, Any]]]
    ) -> None:
        """Write the Map Runs of an execution that has ended, and the histories of all their children."""
        lines = [json.dumps([run.to_json() for run in runs]), *map(json.dumps, histories)]
        path = self._path(started.machine, started.name, ".maps")
        path.parent.mkdir(exist_ok=True)
        write_whole(path, "\n".join(lines).encode(), against_power_loss=False)

    def map_runs(self, summary: Summary) -> list[MapRunRecord]:
        """The Map Runs of an ended execution."""
        try:
            with self._path(summary.machine, summary.name, ".maps").open("rb") as stream:
                return [MapRunRecord.from_json(run) for run in json.loads(stream.readline())]
        except FileNotFoundError:
            return []

    def child_history(self, summary: Summary, place: int) -> list[dict[str, Any]]:
        """The events of a child, by its place among all children of the execution's Map Runs."""
        with self._path(summary.machine, summary.name, ".maps").open("rb") as stream:
            line = next(islice(stream, place + 1, None))
        events: list[dict[str, Any]] = json.loads(line)
        return events

    def summaries(self) -> Iterator[Summary]:
        """All executions that have ended; a file that a loss of power has damaged is set aside."""
        for path in self._folder.glob("*/*.json"):
            try:
                with path.open("rb") as stream:
                    summary = Summary.from_json(json.loads(stream.readline()))
            except (ValueError, TypeError):
                aside = path.replace(path.with_suffix(".unreadable"))
                _LOG.exception("an ended execution cannot be read; its file is kept as %s", aside)
            else:
                yield summary

    def data(self, summary: Summary) -> tuple[Started, Ended]:
        """How an ended execution started and ended."""
        with self._path(summary.machine, summary.name, ".json").open("rb") as stream:
            stream.readline()
            data = json.loads(stream.readline())
        return Started.from_json(data["started"]), Ended.from_json(data["ended"])

    def history(self, summary: Summary) -> list[dict[str, Any]]:
        """An ended execution's history, in the API's shape."""
        with self._path(summary.machine, summary.name, ".json").open("rb") as stream:
            stream.readline()
            stream.readline()
            events: list[dict[str, Any]] = json.loads(stream.readline())
        return events

    def _path(self, machine: str, name: str, suffix: str) -> Path:
        return self._folder / file_stem(machine) / f"{file_stem(name)}{suffix}"


def _ended(path: Path) -> Ended | None:
    try:
        with path.open("rb") as stream:
            stream.readline()
            return Ended.from_json(json.loads(stream.readline())["ended"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return None


def _put_away(journal: Path, ended: Ended) -> None:
    if ended.status == "SUCCEEDED":
        journal.unlink(missing_ok=True)
    elif journal.exists():
        journal.replace(journal.with_suffix(".ended"))
