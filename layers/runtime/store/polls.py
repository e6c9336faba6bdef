"""What a poll knows of the answers before: what it has seen, where it stands, and what is to be fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from boto3.dynamodb.conditions import Attr

from layers.runtime.json_value import JsonObject, JsonValue, read_json, write_json
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.table import ABSENT, Delete, Put, Query


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of an earlier answer: the digest of its content, and the last day it was there (since 1970)."""

    content: str
    day: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of one poll trigger."""

    revision: int = 0
    """How often it has been written; 0 of a trigger that has never polled."""
    shape: str = ""
    """The digest of how the trigger detects; another one makes all that was seen mean nothing."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """By the digest of its key what was seen."""
    cursor: JsonValue = None
    pending: tuple[JsonObject, ...] = ()
    """Firings that are decided on, each with its `identity`: sent, or still to be sent."""
    failures: int = 0
    """Polls in a row that have failed."""
    not_before: str | None = None
    """The earliest moment (ISO 8601) of the next one, after a failure."""


def find_memory(store: Store, workflow: str, trigger: str) -> Memory:
    """What is known so far."""
    item = store.table.get(store.keys.poll(workflow, trigger))
    if item is None:
        return Memory()
    known: Any = read_json(unpack(item["document"]))
    seen = {key: Seen(*one) for key, one in known.pop("seen").items()}
    pending = tuple(known.pop("pending"))
    return Memory(**{**known, "seen": seen, "pending": pending, "revision": item["revision"]})


def keep_memory(store: Store, workflow: str, trigger: str, memory: Memory) -> bool:
    """Writes what is known now, unless another poll has done so since `memory.revision`: then False."""
    key = store.keys.poll(workflow, trigger)
    written = asdict(memory) | {"seen": {key: [one.content, one.day] for key, one in memory.seen.items()}}
    del written["revision"]
    unchanged = ABSENT if memory.revision == 0 else Attr("revision").eq(memory.revision)
    item = {"pk": key.pk, "sk": key.sk, "revision": memory.revision + 1}
    try:
        store.table.write([Put({**item, "document": pack(write_json(written))}, unchanged)])
    except ConditionFailedError:
        return False
    return True


def forget_polls(store: Store, workflow: str) -> None:
    """Removes what the polls of a workflow know that is no more."""
    prefix = store.keys.poll(workflow, "")
    for item in store.table.query(Query(prefix.pk, begins_with=prefix.sk)).items:
        store.table.write([Delete(store.keys.poll(workflow, str(item["sk"]).removeprefix(prefix.sk)))])
