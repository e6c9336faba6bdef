"""An execution rebuilt from its journal is the execution that wrote it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.states.journal import (
    Beat,
    Completed,
    Entry,
    Journal,
    Moment,
    Stopped,
    Submitted,
    UnreadableJournalError,
)
from infra.local.states.live import LiveExecution
from infra.local.states.record import Started
from translator.interpreter import StateMachine, TaskFailed, TaskRequest, TaskSucceeded

_TASK: Final[dict[str, Any]] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "f", "Payload": "{% $random() %}"},
    "TimeoutSeconds": 5,
    "Retry": [
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 1, "JitterStrategy": "FULL"}
    ],
}
_MACHINE = StateMachine.parse(
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {
                        "StartAt": "A",
                        "States": {
                            "A": {**_TASK, "Next": "W"},
                            "W": {"Type": "Wait", "Seconds": 3, "End": True},
                        },
                    },
                    {
                        "StartAt": "M",
                        "States": {
                            "M": {
                                "Type": "Map",
                                "Items": [1, 2, 3],
                                "MaxConcurrency": 2,
                                "End": True,
                                "ItemProcessor": {"StartAt": "B", "States": {"B": {**_TASK, "End": True}}},
                            }
                        },
                    },
                ],
                "Next": "Last",
            },
            "Last": {**_TASK, "Output": "{% $now() & $uuid() %}", "End": True},
        },
    }
)
_WAITING_FIRST = StateMachine.parse(
    {
        "QueryLanguage": "JSONata",
        "StartAt": "W",
        "States": {"W": {"Type": "Wait", "Seconds": 3, "Next": "T"}, "T": {**_TASK, "End": True}},
    }
)
_WAITING_ONLY = StateMachine.parse(
    {"QueryLanguage": "JSONata", "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3, "End": True}}}
)
_STARTED = Started("arn:x", "x", "m", None, None, "", "arn:role", '{"a":1}', 7, 1_700_000_000.123)


def _runs(live: LiveExecution) -> bool:
    return live.is_running


def _live(chance: random.Random, journal: Journal, until: float) -> LiveExecution:
    """Drive an execution as the engine does, with answers and delays by chance, journalling what comes."""
    live = LiveExecution(_STARTED, _MACHINE)
    journal.begin(_STARTED)
    now = _STARTED.started_at
    open_requests: list[TaskRequest] = list(live.begin())
    while _runs(live) and now < until and (open_requests or live.next_timer is not None):
        now = live.moment(now + chance.expovariate(0.7))
        open_requests.extend(live.catch_up(now))
        if open_requests and _runs(live) and chance.random() < 0.5:
            request = open_requests.pop(chance.randrange(len(open_requests)))
            good = chance.random() < 0.8
            outcome = TaskSucceeded({"x": chance.random()}) if good else TaskFailed("Bad", "luck")
            entry = Completed(now, request.id, outcome)
            journal.add(entry)
            open_requests.extend(live.apply(entry))
    if _runs(live) and chance.random() < 0.3:
        stopped = Stopped(live.moment(now), "Enough", None)
        journal.add(stopped)
        live.apply(stopped)
    return live


def test_a_call_that_a_long_stop_interrupts_has_its_whole_time_again() -> None:
    live = LiveExecution(_STARTED, _MACHINE)
    (first, *others) = live.begin()
    resumed_at = _STARTED.started_at + 3600
    live.apply(Moment(resumed_at, "resumed"))
    live.catch_up(resumed_at + 4.9)
    assert [request.id for request in live.open_requests] == [first.id, *(other.id for other in others)]
    live.catch_up(resumed_at + 5)
    assert live.open_requests == ()
    assert [event["type"] for event in live.history()].count("TaskTimedOut") == 3


def test_a_call_that_began_in_a_long_stop_has_its_whole_time_after_it() -> None:
    live = LiveExecution(_STARTED, _WAITING_FIRST)
    live.begin()
    resumed_at = _STARTED.started_at + 3600
    (request,) = live.apply(Moment(resumed_at, "resumed"))
    assert live.history()[-1]["timestamp"] == pytest.approx(_STARTED.started_at + 3)
    live.catch_up(resumed_at + 4.9)
    assert live.is_open(request.id)
    live.catch_up(resumed_at + 5)
    assert not live.is_open(request.id)


def test_what_ends_in_a_long_stop_has_ended_at_its_own_time() -> None:
    live = LiveExecution(_STARTED, _WAITING_ONLY)
    live.begin()
    live.apply(Moment(_STARTED.started_at + 3600, "resumed"))
    assert live.ended().stopped_at == pytest.approx(_STARTED.started_at + 3)


def test_what_a_timer_did_before_a_stop_is_not_undone_by_it() -> None:
    live = LiveExecution(_STARTED, _MACHINE)
    live.begin()
    late = _STARTED.started_at + 5
    live.apply(Moment(late, "woken"))
    before = live.history()
    live.apply(Moment(late, "resumed"))
    assert live.history()[: len(before)] == before
    assert [event["type"] for event in before].count("TaskTimedOut") == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), length=st.floats(1, 60))
def test_a_replay_gives_the_same_history_and_waits_for_the_same_tasks(
    tmp_path: Path, seed: int, length: float
) -> None:
    path = tmp_path / f"{seed}.journal"
    path.unlink(missing_ok=True)
    live = _live(random.Random(seed), Journal(path), _STARTED.started_at + length)
    journal = Journal(path)
    started = journal.started()
    assert started is not None
    again = LiveExecution(started, _MACHINE)
    again.begin()
    for entry in journal.entries():
        again.apply(entry)
    again.catch_up(live.moment(0))
    assert again.history() == live.history()
    assert again.is_running == live.is_running
    assert [request.id for request in again.open_requests] == [request.id for request in live.open_requests]
    assert again.next_timer == live.next_timer


@pytest.mark.parametrize("line", ["nonsense", '{"format":99,"started":{}}', '{"format":1}', "[]"])
def test_a_journal_that_is_none_is_told_apart_from_an_empty_one(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.journal"
    path.write_text("")
    assert Journal(path).started() is None
    path.write_text(f"{line}\n")
    with pytest.raises(UnreadableJournalError):
        Journal(path).started()


@pytest.mark.parametrize("value", [None, 0, 1.5, "ü\n", [1, {"a": None}], {"deep": [[True]]}])
def test_results_come_back_from_the_journal_as_they_were(tmp_path: Path, value: Any) -> None:
    journal = Journal(tmp_path / "x.journal")
    journal.begin(_STARTED)
    entry = Completed(1.25, "3", TaskSucceeded(value))
    journal.add(entry)
    assert journal.entries() == [entry]


def test_every_kind_of_entry_comes_back_from_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.journal")
    journal.begin(_STARTED)
    entries: list[Entry] = [
        Submitted(1.0, "4", {"a": [None]}),
        Beat(2.0, "4"),
        Completed(3.0, "4", TaskFailed("E", None)),
        Moment(4.0, "redriven"),
        Moment(4.5, "woken"),
        Moment(5.0, "resumed"),
        Stopped(5.0, None, "enough"),
    ]
    for entry in entries:
        journal.add(entry)
    assert journal.entries() == entries
    assert journal.redrives() == 1
