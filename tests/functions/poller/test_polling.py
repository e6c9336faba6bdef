"""Polls: what is new is fired once, whatever comes between, and a service that fails is left in peace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.poller.asking import AskingError, ask, evaluate
from functions.poller.detection import detect
from functions.poller.polling import Poller, poll
from functions.poller.settings import PollSettings, settings_of
from layers.runtime.executions import Starter
from layers.runtime.firing.fire import Platform, fire
from layers.runtime.firing.message import Firing, read_firing
from layers.runtime.firing.outcome import Started
from layers.runtime.json_value import JsonValue
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.polls import find_memory
from layers.runtime.store.trigger_records import TriggerRecord, find_trigger_record
from layers.runtime.store.workflows import WorkflowHead
from tests.functions.fakes import FakeClock

WORKFLOW = "order-fulfilment"
FEED: Any = {
    "id": "feed",
    "type": "poll",
    "every": "5 minutes",
    "request": {"url": "https://shop.example"},
}


class KilledError(Exception):
    """The process ends here."""


@dataclass
class Service:
    """Answers with what it holds, or fails; remembers the cursors it was asked with."""

    body: JsonValue = None
    failure: AskingError | None = None
    asked: list[JsonValue] = field(default_factory=list)

    def __call__(self, name: str, settings: PollSettings, cursor: JsonValue) -> JsonValue:
        assert name == f"{WORKFLOW}/feed"
        self.asked.append(cursor)
        if self.failure is not None:
            raise self.failure
        return {"status": 200, "headers": {}, "body": self.body}


@dataclass
class Starts:
    """The queue `starts`; ends the process after so many messages."""

    sent: list[str] = field(default_factory=list)
    lives: int | None = None

    def send_message(self, **arguments: Any) -> dict[str, Any]:
        if self.lives is not None and len(self.sent) >= self.lives:
            raise KilledError
        self.sent.append(arguments["MessageBody"])
        return {}


@dataclass
class Polls:
    """Polls a workflow's trigger every five minutes, and starts what comes of it."""

    poller: Poller
    starter: Starter
    service: Service
    starts: Starts
    clock: FakeClock

    def poll(self, *body: JsonValue) -> str:
        if body:
            self.service.body = body[0]
        self.clock.pass_seconds(300)
        return self.again()

    def again(self) -> str:
        """The same message once more."""
        at = f"{self.clock():%Y-%m-%dT%H:%M:%SZ}"
        return poll(self.poller, Firing(WORKFLOW, "feed", "poll", at, self.clock(), {"scheduled_at": at}))

    def started(self) -> list[Any]:
        """`$trigger.body` of the runs that are new, of everything that was sent since."""

        class Nowhere:
            def send(self, text: str, delay_seconds: int) -> None:
                raise AssertionError(text)

        platform, found = Platform(self.starter, Nowhere()), []
        for text in self.starts.sent:
            firing = read_firing(text, self.clock())
            outcome = fire(platform, firing)
            assert isinstance(outcome, Started)
            if outcome.is_new:
                found.append(firing.fields.get("item", firing.fields.get("items")))
        self.starts.sent.clear()
        return found

    @property
    def record(self) -> TriggerRecord:
        return find_trigger_record(self.poller.store, WORKFLOW, "feed")


@pytest.fixture
def polls(store: Store, starter: Starter, clock: FakeClock) -> Polls:
    service, starts = Service(), Starts()
    poller = Poller(store, Queue(starts, "starts"), service, evaluate, clock)
    return Polls(poller, starter, service, starts, clock)


@pytest.fixture
def polled(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates the workflow with a poll of those fields."""

    def make(**fields: Any) -> None:
        write_draft(triggers=[{**FEED, **fields}])
        activate(activator, WORKFLOW)

    return make


def order(number: int, **fields: JsonValue) -> dict[str, JsonValue]:
    return {"id": number, **fields}


def test_each_item_of_an_unknown_key_starts_a_run_once(polls: Polls, polled: Callable[..., None]) -> None:
    polled(items="orders", key="id")
    assert polls.poll({"orders": [order(1), order(2)]}) == "nothing new"
    assert polls.poll({"orders": [order(2), order(3, total=7), order(4)]}) == "fired"
    assert polls.started() == [{"id": 3, "total": 7}, {"id": 4}]
    assert polls.poll({"orders": [order(3, total=8), order(4)]}) == "nothing new"
    assert polls.poll({"orders": []}) == "nothing new"
    assert (polls.record.polled, polls.record.started, polls.record.poll_failures) == (4, 2, 0)


def test_the_first_answer_starts_runs_for_all_that_is_in_it_if_it_is_to(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="{% $answer.body.orders %}", key="{% $item.id %}", first="all", max_items=2)
    polls.poll({"orders": [order(1), order(2), order(3)]})
    assert polls.started() == [order(1), order(2)]
    polls.poll()
    assert polls.started() == [order(3)]


def test_a_batch_is_one_run(polls: Polls, polled: Callable[..., None]) -> None:
    polled(items="orders", key="id", run_per="batch", first="all")
    polls.poll({"orders": [order(1), order(2)]})
    polls.poll({"orders": [order(1), order(2), order(3)]})
    assert polls.started() == [[order(1), order(2)], [order(3)]]


def test_a_document_that_changes_is_new_also_when_it_changes_back(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(detect="hash")
    for state in ("open", "open", "closed", "closed", "open", "closed"):
        polls.poll({"state": state})
    assert polls.started() == [{"state": "closed"}, {"state": "open"}, {"state": "closed"}]


def test_an_item_whose_content_changes_is_new_and_the_order_of_fields_is_no_content(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="orders", key="id", detect="hash", first="all")
    polls.poll({"orders": [order(1, state="open")]})
    polls.poll({"orders": [{"state": "open", "id": 1}]})
    polls.poll({"orders": [order(1, state="paid"), order(2)]})
    assert polls.started() == [order(1, state="open"), order(1, state="paid"), order(2)]


def test_what_lies_behind_the_cursor_is_new_also_beside_what_was_seen_there(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="orders", detect="cursor", cursor="at", key="id", first="all")
    polls.poll({"orders": [order(2, at="10:05"), order(1, at="10:00")]})
    polls.poll({"orders": [order(2, at="10:05"), order(3, at="10:05"), order(4, at="10:04")]})
    polls.poll({"orders": [order(3, at="10:05"), order(5, at="10:06")]})
    assert [one["id"] for one in polls.started()] == [1, 2, 3, 5]
    assert polls.service.asked == [None, "10:05", "10:05"]


def test_the_oldest_behind_the_cursor_are_taken_first_where_there_are_too_many(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="orders", detect="cursor", cursor="id", first="all", max_items=2)
    for _ in range(3):
        polls.poll({"orders": [order(5), order(3), order(4), order(1), order(2)]})
    assert [one["id"] for one in polls.started()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("run_per", ["item", "batch"])
@pytest.mark.parametrize("lives", [0, 1, 2])
def test_a_poll_that_is_killed_while_it_fires_is_finished_by_the_next_one(
    polls: Polls, polled: Callable[..., None], run_per: str, lives: int
) -> None:
    polled(items="orders", key="id", first="all", run_per=run_per)
    polls.starts.lives = lives
    orders: JsonValue = [order(1), order(2), order(3)]
    with suppress(KilledError):
        polls.poll({"orders": orders})
    polls.starts.lives = None
    polls.poll({"orders": [order(2), order(3), order(4)]})
    found = polls.started()
    flat = [one for part in found for one in part] if run_per == "batch" else found
    assert flat == [order(1), order(2), order(3), order(4)]


def test_of_two_polls_at_once_only_one_decides(polls: Polls, polled: Callable[..., None]) -> None:
    polled(items="orders", key="id", first="all")
    inner: list[str] = []
    service = polls.service

    class Meanwhile(Service):
        def __call__(self, name: str, settings: PollSettings, cursor: JsonValue) -> JsonValue:
            if not inner:
                inner.append("")
                inner[0] = polls.again()
            return service(name, settings, cursor)

    slow = Poller(polls.poller.store, polls.poller.starts, Meanwhile(), evaluate, polls.clock)
    service.body = {"orders": [order(1)]}
    at = f"{polls.clock():%Y-%m-%dT%H:%M:%SZ}"
    beaten = poll(slow, Firing(WORKFLOW, "feed", "poll", at, polls.clock(), {"scheduled_at": at}))
    assert (inner, beaten) == (["fired"], "beaten")
    assert polls.started() == [order(1)]


def test_failures_put_the_next_polls_off_further_and_further(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="orders", key="id", first="all")
    polls.service.failure = AskingError("System: GET https://shop.example answered 500")
    outcomes = [polls.poll() for _ in range(8)]
    assert outcomes == ["failed"] * 2 + ["backing off"] + ["failed"] + ["backing off"] * 3 + ["failed"]
    record = polls.record
    assert (record.poll_failures, record.last_error) == (4, str(polls.service.failure))
    assert record.polls_again_at is not None
    polls.service.failure = None
    polls.clock.pass_seconds(3600)
    assert polls.poll({"orders": [order(1)]}) == "fired"
    assert (polls.record.poll_failures, polls.record.polls_again_at) == (0, None)
    assert polls.record.last_error is not None


def test_a_service_that_asks_to_wait_is_left_alone_so_long(polls: Polls, polled: Callable[..., None]) -> None:
    polled(items="orders", key="id")
    polls.service.failure = AskingError("Throttled", retry_after=1200)
    assert [polls.poll() for _ in range(5)] == ["failed"] + ["backing off"] * 3 + ["failed"]


@pytest.mark.parametrize(
    ("fields", "body", "part"),
    [
        ({"key": "id"}, {"orders": "none"}, "there is no list at 'orders'"),
        ({"key": "id"}, {"orders": [{"no": 1}]}, "item 0 of the answer has no key at 'id'"),
        ({"key": "{% $number($item.id) %}"}, {"orders": [{"id": "x"}]}, "number"),
        ({"detect": "cursor", "cursor": "at"}, {"orders": [{"at": 1}, {"at": "2"}]}, "all numbers or all"),
        ({"key": "id"}, {"orders": [{"id": n} for n in range(5001)]}, "5000 can be told apart"),
    ],
)
def test_an_answer_in_which_nothing_can_be_found_is_a_failure_that_says_why(
    polls: Polls, polled: Callable[..., None], fields: Any, body: JsonValue, part: str
) -> None:
    polled(items="orders", first="all", **fields)
    assert polls.poll(body) == "failed"
    assert part in (polls.record.last_error or "")
    assert polls.starts.sent == []


def test_polls_that_waited_too_long_are_not_made_up_for(polls: Polls, polled: Callable[..., None]) -> None:
    polled(items="orders", key="id")
    late = Firing(WORKFLOW, "feed", "poll", "x", polls.clock(), {"scheduled_at": "2026-01-31T08:00:00Z"})
    assert poll(polls.poller, late) == "too late"
    assert polls.service.asked == []


def test_what_is_known_stays_small_and_is_forgotten_after_its_time(
    polls: Polls, polled: Callable[..., None]
) -> None:
    polled(items="orders", key="id", remember_days=2, max_items=1000)
    for first in range(0, 20_000, 4_000):
        polls.poll({"orders": [order(number) for number in range(first, first + 4_000)]})
        polls.starts.sent.clear()
    memory = find_memory(polls.poller.store, WORKFLOW, "feed")
    assert len(memory.seen) <= 5_000
    polls.clock.pass_seconds(3 * 86_400)
    polls.poll({"orders": []})
    assert find_memory(polls.poller.store, WORKFLOW, "feed").seen == {}


def test_a_trigger_that_detects_in_another_way_begins_anew(
    polls: Polls, polled: Callable[..., None], activator: Activator
) -> None:
    polled(items="orders", key="id")
    polls.poll({"orders": [order(1, no="a")]})
    memory = find_memory(polls.poller.store, WORKFLOW, "feed")
    other = settings_of({**FEED, "items": "orders", "key": "no"})
    after = detect(other, memory, {"body": {"orders": [order(1, no="b")]}}, 1, evaluate)
    assert (after.pending, len(after.seen)) == ((), 1)


def test_the_request_reads_the_cursor_and_what_goes_wrong_is_told() -> None:
    address = "{% 'http://127.0.0.1:1/' & $cursor %}"
    request: JsonValue = {"url": address, "query": {"since": "a{% $cursor %}b", "n": 1}}
    with pytest.raises(AskingError, match=r"Network: GET http://127\.0\.0\.1:1/c could not be reached"):
        ask("w/t", settings_of({**FEED, "request": request}), "c")


def test_what_stands_within_a_text_is_written_as_json_is() -> None:
    request: JsonValue = {"url": "http://127.0.0.1:1/{% $cursor %}"}
    with pytest.raises(AskingError, match=r"http://127\.0\.0\.1:1/true could not be reached"):
        ask("w/t", settings_of({**FEED, "request": request}), cursor=True)
