"""A disk that is full for a while: nothing takes effect that is not written, and nothing is lost."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from infra.local.scheduler import Scheduler
from infra.local.states.archive import Archive
from infra.local.states.definitions import Definitions
from infra.local.states.engine import Engine
from infra.local.states.executions import Executions
from infra.local.states.journal import Entry, Journal
from infra.local.states.record import Started
from infra.local.states.reply import Reply
from translator.interpreter import TaskRequest, TaskSucceeded

from .machines import chain, invoking


def test_a_result_that_cannot_be_written_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.states.engine._DISK_SECONDS", 0.01)
    failures = iter([OSError("disk full"), OSError("disk full")])
    write = Journal.add

    def add(journal: Journal, entry: Entry) -> None:
        for failure in failures:
            raise failure
        write(journal, entry)

    monkeypatch.setattr(Journal, "add", add)
    published: list[Any] = []
    ended = threading.Event()

    def publish(event: dict[str, Any]) -> None:
        published.append(event["detail"]["status"])
        if event["detail"]["status"] == "SUCCEEDED":
            ended.set()

    def dispatch(_started: Started, _request: TaskRequest, reply: Reply) -> None:
        reply.done(TaskSucceeded({"Payload": 7}))

    definitions = Definitions(tmp_path / "definitions")
    executions = Executions(Archive(tmp_path / "executions"))
    scheduler = Scheduler(time.time)
    engine = Engine(scheduler, time.time, definitions, executions, dispatch, publish, _ignore_log)
    digest = definitions.keep(chain(Only=invoking("return", 7)))
    started = Started("arn:x", "x", "m", None, None, digest, "arn:role", "{}", 1, round(time.time(), 3))
    engine.start(started)
    scheduler.start()
    assert ended.wait(10)
    scheduler.stop()
    assert published == ["RUNNING", "SUCCEEDED"]
    _, end = Executions(Archive(tmp_path / "executions")).data("arn:x")
    assert end is not None
    assert json.loads(end.output or "") == 7


def test_a_start_that_cannot_be_written_has_not_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_journal: Journal, _started: Started) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Journal, "begin", refuse)
    definitions = Definitions(tmp_path / "definitions")
    executions = Executions(Archive(tmp_path / "executions"))
    engine = Engine(Scheduler(time.time), time.time, definitions, executions, _never, _ignore, _ignore_log)
    digest = definitions.keep(chain(Only=invoking("return", 7)))
    started = Started("arn:x", "x", "m", None, None, digest, "arn:role", "{}", 1, 1.0)
    with pytest.raises(OSError, match="disk full"):
        engine.start(started)
    assert executions.of_machine("m") == []


def _never(_started: Started, _request: TaskRequest, _reply: Reply) -> None:
    raise AssertionError("nothing is sent")


def _ignore(_event: dict[str, Any]) -> None:
    return None


def _ignore_log(_started: Started, _history: Any, _done: Any) -> None:
    return None
