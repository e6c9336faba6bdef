"""The history of a run that is several executions: what is read of it, and what is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from layers.runtime.history import Event
from layers.runtime.item_label import label_of
from layers.runtime.joining import joined_events
from layers.runtime.run_history import HistoryReader, nodes_unseen
from layers.runtime.timeline import build_timeline, skipped_nodes

ARN = "arn:aws:states:eu-west-1:123456789012:execution"
ROOT, PART = f"{ARN}:main-w:run", f"{ARN}:main-w-part-0:run-1"
MAP_RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:main-w/Every:1"
SOURCE_MAP: dict[str, Any] = {
    "states": {
        "Part": {"node": "", "role": "part"},
        "Work": {"node": "work", "role": "task"},
        "Every": {"node": "every", "role": "body"},
        "Send": {"node": "send", "role": "task"},
    },
    "nodes": {
        "work": {"name": "Work", "type": "function", "states": ["Work"]},
        "every": {"name": "Every", "type": "for_each", "states": ["Every"]},
        "send": {"name": "Send", "type": "function", "states": ["Send"], "parent": "every"},
    },
    "parts": {"main-w-part-0": ["Work"]},
}


class Events:
    """One history, event by event, each following the one before."""

    def __init__(self, second: float = 0) -> None:
        self.all: list[Event] = []
        self.second = second
        self.add("ExecutionStarted")

    def add(self, kind: str, *, seconds: float = 0.0, **details: Any) -> Events:
        self.second += seconds
        number = len(self.all) + 1
        key = f"{kind[0].lower()}{kind[1:]}EventDetails"
        for suffix in ("StateEntered", "StateExited"):
            key = f"{suffix[0].lower()}{suffix[1:]}EventDetails" if kind.endswith(suffix) else key
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.second)
        previous = 0 if number == 2 else number - 1
        self.all.append(
            {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, key: details}
        )
        return self

    def task(self, name: str, given: Any, seconds: float = 1) -> Events:
        self.add("TaskStateEntered", name=name, input=json.dumps(given))
        self.add("TaskScheduled", parameters=json.dumps({"Payload": {"parameters": {}}}))
        self.add("TaskSucceeded", seconds=seconds, output=json.dumps({"Payload": {"output": name}}))
        return self.add("TaskStateExited", name=name, output="null")


class Client:
    """Step Functions with these histories; what it was asked for is kept."""

    def __init__(
        self, histories: dict[str, list[Event]], children: list[dict[str, str]] | None = None
    ) -> None:
        self.histories, self.children = histories, children
        self.read: list[str] = []

    def get_execution_history(self, **arguments: Any) -> dict[str, Any]:
        self.read.append(arguments["executionArn"])
        return {"events": self.histories[arguments["executionArn"]]}

    def list_executions(self, **arguments: Any) -> dict[str, Any]:
        assert arguments["mapRunArn"] == MAP_RUN
        if self.children is None:
            raise ClientError({"Error": {"Code": "StateMachineTypeNotSupported"}}, "ListExecutions")
        return {"executions": self.children}

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def with_part() -> dict[str, list[Event]]:
    root = Events()
    root.add("TaskStateEntered", name="Part", input="{}")
    root.add("TaskScheduled", parameters="{}")
    root.add("TaskSubmitted", output=json.dumps({"ExecutionArn": PART}))
    root.add("TaskSucceeded", seconds=3, output="{}")
    root.add("TaskStateExited", name="Part", output="{}").add("ExecutionSucceeded", output="{}")
    part = Events(0.5).task("Work", {}).add("ExecutionSucceeded", output="{}")
    return {ROOT: root.all, PART: part.all}


def with_children(count: int) -> tuple[dict[str, list[Event]], list[dict[str, str]]]:
    root = Events()
    root.add("MapStateEntered", name="Every", input="{}").add("MapStateStarted")
    root.add("MapRunStarted", mapRunArn=MAP_RUN).add("MapRunSucceeded", seconds=9)
    root.add("MapStateSucceeded").add("MapStateExited", name="Every", output="[]")
    root.add("ExecutionSucceeded", output="{}")
    histories, listed = {ROOT: root.all}, []
    for number in range(count):
        arn = f"{ARN}:main-w/Every:{number}"
        given = {"item": {"id": f"line-{number}"}, "index": number}
        histories[arn] = Events(1 + number).task("Send", given).add("ExecutionSucceeded").all
        listed.append({"executionArn": arn, "status": "FAILED" if number == count - 1 else "SUCCEEDED"})
    return histories, listed[::-1]


def test_what_a_part_did_stands_where_the_part_ran() -> None:
    history = HistoryReader(Client(with_part()), {"main-w-part-0"}).read(ROOT)
    events = joined_events(history.whole)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    (work,) = build_timeline(events, SOURCE_MAP)
    assert (work.node, work.status, work.output) == ("work", "succeeded", "Work")
    assert (work.to_json()["started_at"], work.duration_seconds) == ("2026-01-01T00:00:00.500Z", 1.0)
    assert history.unread == ()
    assert skipped_nodes([work], SOURCE_MAP) == ("every", "send")


def test_an_execution_of_another_workflow_is_not_read() -> None:
    client = Client(with_part())
    HistoryReader(client, ()).read(ROOT)
    assert client.read == [ROOT]


def test_a_part_that_has_not_ended_leaves_its_node_running() -> None:
    histories = with_part()
    histories = {ROOT: histories[ROOT][:4], PART: histories[PART][:3]}
    history = HistoryReader(Client(histories), {"main-w-part-0"}).read(ROOT)
    (work,) = build_timeline(joined_events(history.whole), SOURCE_MAP)
    assert (work.status, work.ended_at) == ("running", None)


def test_children_of_a_map_are_listed_with_their_items() -> None:
    histories, children = with_children(3)
    history = HistoryReader(Client(histories, children)).read(ROOT)
    every, *sent = build_timeline(joined_events(history.whole), SOURCE_MAP)
    assert (every.node, every.iterations) == ("every", ())
    told = [
        (run.node, run.iterations[0].node, run.iterations[0].index, run.iterations[0].item) for run in sent
    ]
    assert told == [("send", "every", number, f"line-{number}") for number in range(3)]


def test_of_too_many_children_those_that_failed_are_read_first() -> None:
    histories, children = with_children(9)
    client = Client(histories, children)
    history = HistoryReader(client, most=4).read(ROOT)
    assert [arn.rpartition(":")[2] for arn in client.read[1:]] == ["8", "0", "1"]
    (unread,) = history.unread
    assert (unread.map_state, unread.count) == ("Every", 6)
    assert nodes_unseen(history.unread, SOURCE_MAP) == {"send"}


def test_children_without_histories_are_not_told_as_skipped() -> None:
    histories, _ = with_children(1)
    history = HistoryReader(Client(histories)).read(ROOT)
    runs = build_timeline(joined_events(history.whole), SOURCE_MAP)
    unseen = nodes_unseen(history.unread, SOURCE_MAP)
    assert skipped_nodes(runs, SOURCE_MAP, unseen) == ("work",)


def test_what_has_ended_is_read_once() -> None:
    client = Client({**with_part(), ROOT: with_part()[ROOT][:-1]})
    reader = HistoryReader(client, {"main-w-part-0"})
    reader.read(ROOT)
    reader.read(ROOT)
    assert client.read == [ROOT, PART, ROOT]


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ("SKU-1", "SKU-1"),
        (7, "7"),
        (True, "true"),
        (None, None),
        ([1], None),
        ({"id": 3, "name": "x"}, "3"),
        ({"name": "x"}, "x"),
        ({"key": "k"}, "k"),
        ({"id": [1], "key": "k"}, "k"),
        ({"other": 1}, None),
        ("x" * 100, "x" * 79 + "…"),
    ],
)
def test_an_item_is_called_by_something_short(item: Any, label: str | None) -> None:
    assert label_of(item) == label
