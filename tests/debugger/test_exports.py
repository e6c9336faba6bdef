"""Exported histories: put together from pages, refused plainly where something is missing."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from tests.debugger.conftest import ORDERS, Calls
from tests.debugger.recordings import recorded_text
from translator.compiler import Compilation, compile_text
from translator.debugger import DebuggerError, Outside
from translator.debugger.recording import Recorded, read_export
from translator.debugger.recording.rebuild import rebuild

STARTED = {"id": 1, "type": "ExecutionStarted", "timestamp": 1.5}


@pytest.fixture
def orders() -> Compilation:
    return compile_text(ORDERS, file_name="orders.yaml")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "the history has no events", "get-execution-history"),
        ("nonsense", "the history is not JSON", "get-execution-history"),
        ("{}", 'there are no "events" in it', "get-execution-history"),
        ('{"events": [3]}', "that is no event", "get-execution-history"),
        ('{"events": []}', "the history has no events", "get-execution-history"),
        (
            '[{"id": 1, "type": "WaitStateAborted", "timestamp": 1.5}]',
            "it begins with WaitStateAborted",
            "export",
        ),
        (
            '[{"id": 1, "type": "ExecutionStarted", "timestamp": "yesterday"}]',
            "that is no event",
            "export",
        ),
        (
            json.dumps([{**STARTED, "executionStartedEventDetails": {"roleArn": "r"}}]),
            "tells no inputs and outputs",
            "without --no-include-execution-data",
        ),
        (
            json.dumps(
                [
                    {
                        **STARTED,
                        "executionStartedEventDetails": {"input": "{}", "inputDetails": {"truncated": True}},
                    }
                ]
            ),
            "event 1 is cut off",
            "without --no-include-execution-data",
        ),
    ],
)
def test_a_file_that_is_no_whole_history_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(DebuggerError) as caught:
        read_export(text)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_pages_are_put_together_in_any_form_and_order(orders: Compilation) -> None:
    events = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    seconds = read_export(json.dumps(events))[0]["timestamp"].timestamp()
    pages = [{"events": events[:10], "nextToken": "more"}, {"events": events[10:]}]
    expected = read_export(json.dumps({"events": events}))
    assert read_export("\n".join(json.dumps(page) for page in pages)) == expected
    assert read_export(json.dumps(pages)) == expected
    assert read_export(json.dumps({"events": events[::-1]})) == expected
    assert read_export("".join(json.dumps(event) for event in events)) == expected
    numbered = [{**events[0], "timestamp": seconds}, *events[1:]]
    assert read_export(json.dumps(numbered)) == expected
    with pytest.raises(DebuggerError, match="events 3 to 9 are missing"):
        read_export(json.dumps([*events[:2], *events[9:]]))
    other = [{**events[4], "type": "TaskFailed"}]
    with pytest.raises(DebuggerError, match="two different events 5"):
        read_export(json.dumps([*events, *other]))


def test_a_distributed_iteration_and_a_redrive_are_refused_plainly(orders: Compilation) -> None:
    events = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    for kind, message in (
        ("MapRunStarted", "executions of their own"),
        ("ExecutionRedriven", "was redriven"),
    ):
        changed = [{**event, "type": kind} if event["id"] == 4 else event for event in events]
        with pytest.raises(DebuggerError, match=message):
            read_export(json.dumps(changed))


@pytest.mark.parametrize("number", range(60))
def test_a_history_that_was_damaged_is_rebuilt_or_refused_but_never_breaks_the_debugger(
    orders: Compilation, number: int
) -> None:
    random = Random(number)
    events = json.loads(recorded_text(orders, Outside(Calls()), {"total": 50}))["events"]
    for _ in range(random.randint(1, 3)):
        damage(events, random)
    with suppress(DebuggerError):
        session = rebuild(orders, Recorded(read_export(json.dumps(events))), Outside(Calls()))
        session.restart()
        session.step()


def damage(events: list[Any], random: Random) -> None:
    """One thing is not as the service gives it."""
    event = random.choice(events)
    details = next((value for value in event.values() if isinstance(value, dict)), event)
    where = random.choice([event, details])
    name = random.choice(sorted(where))
    what = random.randrange(4)
    if what == 0:
        del where[name]
    elif what == 1:
        where[name] = random.choice([None, 7, "x", [], {}, "{}", True])
    elif what == 2:
        events.remove(event)
    else:
        where[name] = random.choice(events).get(name, -1)
