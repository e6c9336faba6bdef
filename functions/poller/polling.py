"""One poll: asks, decides what is new, writes the decision down, and fires it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from functions.poller.asking import Ask, AskingError
from functions.poller.detection import UnusableAnswerError, detect
from functions.poller.settings import PollSettings, settings_of
from layers.runtime.executions import Clock
from layers.runtime.firing.message import Firing, moment_of
from layers.runtime.firing.outcome import Refused
from layers.runtime.firing.selecting import Evaluate, SelectionError
from layers.runtime.firing.target import find_target
from layers.runtime.firing.timing import due_at
from layers.runtime.node_run import iso_time
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.polls import Memory, find_memory, keep_memory
from layers.runtime.store.trigger_records import count

LONGEST_WAIT: Final = timedelta(hours=6)
"""The most that failures put off the next poll, where the interval is shorter."""
_PUNCTUAL: Final = timedelta(seconds=15)
"""How much earlier than an interval after the last poll the next may come."""
_ERROR_LIMIT: Final = 1_000

Polled: TypeAlias = Literal[
    "nothing new", "fired", "failed", "not active", "too late", "backing off", "beaten"
]


@dataclass(frozen=True, slots=True)
class Poller:
    """Everything that polling needs."""

    store: Store
    starts: Queue
    ask: Ask
    evaluate: Evaluate
    clock: Clock


def poll(poller: Poller, firing: Firing) -> Polled:
    """Asks once for a trigger, and puts what is new into the queue `starts`.

    What is to be fired is written down with what was seen, in one write, before it is sent: cut off anywhere,
    the next poll sends it again under the same identities. A failure is recorded, and the next polls wait.
    """
    now, store = poller.clock(), poller.store
    target = find_target(store, firing)
    if isinstance(target, Refused):
        return "not active"
    settings = settings_of(target.trigger)
    memory = _sent(poller, firing, find_memory(store, firing.workflow, firing.trigger))
    not_before = moment_of(memory.not_before)
    if now - due_at(firing) > max(timedelta(seconds=settings.every_seconds), timedelta(minutes=5)):
        return "too late"
    if not_before is not None and now < not_before:
        return "backing off"
    try:
        answer = poller.ask(f"{firing.workflow}/{firing.trigger}", settings, memory.cursor)
        today = int(now.timestamp() // 86_400)
        after = detect(settings, memory, answer, today, poller.evaluate)
    except (AskingError, SelectionError, UnusableAnswerError) as error:
        return _failed(poller, firing, settings, memory, error, now)
    return _decided(poller, firing, memory, replace(after, failures=0, not_before=None), now)


def _decided(poller: Poller, firing: Firing, before: Memory, after: Memory, now: datetime) -> Polled:
    if after != before and not keep_memory(poller.store, firing.workflow, firing.trigger, after):
        return "beaten"
    told = {"last_polled_at": iso_time(now), "poll_failures": 0, "polls_again_at": None}
    count(poller.store, firing.workflow, firing.trigger, {"polled": 1}, told)
    if not after.pending:
        return "nothing new"
    _sent(poller, firing, replace(after, revision=after.revision + 1))
    return "fired"


def _sent(poller: Poller, firing: Firing, memory: Memory) -> Memory:
    """What is known once all that is pending has been sent; whoever sends it twice does no harm."""
    if not memory.pending:
        return memory
    for pending in memory.pending:
        fields = {name: value for name, value in pending.items() if name != "identity"}
        identity = str(pending["identity"])
        fired = Firing(firing.workflow, firing.trigger, "poll", identity, poller.clock(), fields)
        poller.starts.send(fired.to_text())
    done = replace(memory, pending=())
    is_kept = keep_memory(poller.store, firing.workflow, firing.trigger, done)
    return replace(done, revision=memory.revision + 1) if is_kept else _reread(poller, firing)


def _reread(poller: Poller, firing: Firing) -> Memory:
    return find_memory(poller.store, firing.workflow, firing.trigger)


def _failed(
    poller: Poller, firing: Firing, settings: PollSettings, memory: Memory, error: Exception, now: datetime
) -> Polled:
    failures = memory.failures + 1
    again = now + _wait(settings, failures, error)
    after = replace(memory, failures=failures, not_before=iso_time(again))
    if not keep_memory(poller.store, firing.workflow, firing.trigger, after):
        return "beaten"
    told = {
        "last_polled_at": iso_time(now),
        "poll_failures": failures,
        "last_error": str(error)[:_ERROR_LIMIT],
        "last_error_at": iso_time(now),
        "polls_again_at": iso_time(again),
    }
    count(poller.store, firing.workflow, firing.trigger, {"polled": 1}, told)
    return "failed"


def _wait(settings: PollSettings, failures: int, error: Exception) -> timedelta:
    """The interval, doubled with every further failure; what the service asks for, if that is longer."""
    interval = timedelta(seconds=settings.every_seconds)
    factor: int = 1 << min(failures - 1, 20)
    doubled = min(interval * factor, max(interval, LONGEST_WAIT)) - _PUNCTUAL
    asked = error.retry_after if isinstance(error, AskingError) else None
    return max(doubled, timedelta(seconds=min(asked or 0, LONGEST_WAIT.total_seconds())))
