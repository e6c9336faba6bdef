"""What Step Functions is told to start a run that needs a slot: kept until it has taken it."""

from __future__ import annotations

from dataclasses import dataclass

from boto3.dynamodb.conditions import Attr

from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.runs import CAUSE_LIMIT, RETENTION_SECONDS
from layers.runtime.store.table import Add, Delete, Put, Query, Update, Write


@dataclass(frozen=True, slots=True)
class Start:
    """The start of a run; with it nothing that dies on the way can lose the run."""

    run: str
    workflow: str
    key: str
    machine_arn: str
    """Alias or version."""
    text: str
    """The execution's input."""
    priority: int
    attempts: int = 0
    """How often a sweep has tried."""


@dataclass(frozen=True, slots=True)
class DeadStart:
    """A start that Step Functions has refused."""

    run: str
    workflow: str
    key: str
    cause: str
    died_at: str


def put_start(store: Store, start: Start, seconds: float) -> Put:
    """The write that keeps it, as long as the record of its run; `seconds` is the time of day."""
    key = store.keys.start(start.run)
    fields = {name: getattr(start, name) for name in Start.__slots__}
    kept = {"text": pack(start.text), "expires_at": int(seconds) + RETENTION_SECONDS}
    return Put({"pk": key.pk, "sk": key.sk, **fields, **kept})


def find_start(store: Store, run: str) -> Start | None:
    """The start of a run that has not begun."""
    item = store.table.get(store.keys.start(run))
    if item is None:
        return None
    return Start(**{**{name: item[name] for name in Start.__slots__}, "text": unpack(item["text"])})


def count_attempt(store: Store, run: str) -> None:
    """Says that one more try is made."""
    store.table.write([Add(store.keys.start(run), {"attempts": 1}, {}, Attr("run").exists())])


def begin(store: Store, run: str, execution_arn: str) -> bool:
    """Says that Step Functions has taken the run; False if more is known of it already."""
    taken = {"status": "running", "execution_arn": execution_arn}
    update = Update(store.keys.run(run), taken, Attr("status").eq("starting"))
    return _done(store, [update, Delete(store.keys.start(run))])


def forget_start(store: Store, run: str) -> Delete:
    """The write after which nobody will start the run."""
    return Delete(store.keys.start(run))


def bury(store: Store, start: Start, cause: str, now: str) -> bool:
    """Records a run as failed that cannot be started, and keeps its start as a dead letter."""
    failed = {
        "status": "failed",
        "error": "Steploom.StartFailed",
        "cause": cause[:CAUSE_LIMIT],
        "ended_at": now,
        "place": None,
    }
    dead = {
        "gsi1pk": store.keys.kind("dead_start"),
        "gsi1sk": f"{now}#{start.run}",
        "cause": cause[:CAUSE_LIMIT],
        "died_at": now,
    }
    writes: list[Write] = [
        Update(store.keys.run(start.run), failed, Attr("status").eq("starting")),
        Update(store.keys.start(start.run), dead),
    ]
    return _done(store, writes)


def revive(store: Store, run: str) -> Update:
    """The write after which a dead start is one like others again."""
    gone = dict.fromkeys(("gsi1pk", "gsi1sk", "cause", "died_at"))
    return Update(store.keys.start(run), {**gone, "attempts": 0}, Attr("died_at").exists())


def find_dead_start(store: Store, run: str) -> DeadStart | None:
    """The dead letter of a run."""
    item = store.table.get(store.keys.start(run))
    return None if item is None or "died_at" not in item else _dead(item)


def list_dead_starts(store: Store, limit: int, cursor: str | None) -> Listing[DeadStart]:
    """The project's dead letters, newest first; raises RequestError (400) for a wrong cursor."""
    query = Query(store.keys.kind("dead_start"), index="by_kind", newest_first=True, limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_dead(item) for item in page.items), write_cursor(page.next_key))


def _dead(item: Item) -> DeadStart:
    return DeadStart(**{name: item[name] for name in DeadStart.__slots__})


def _done(store: Store, writes: list[Write]) -> bool:
    try:
        store.table.write(writes)
    except ConditionFailedError:
        return False
    return True
