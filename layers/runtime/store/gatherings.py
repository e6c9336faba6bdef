"""Ends of runs that a trigger collects until all of them are there, each end once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.json_value import read_json, write_json
from layers.runtime.store import ConditionFailedError, Key, Store
from layers.runtime.store.table import ABSENT, Put

KEPT: Final = timedelta(days=15)
"""How long an end is known that has been taken in: a queue holds its message for 14 days at most."""


@dataclass(frozen=True, slots=True)
class End:
    """How and when a run has ended (ISO 8601)."""

    id: str
    workflow: str
    status: str
    ended_at: str

    @property
    def identity(self) -> str:
        """Tells it from other ends: a run that is redriven ends once more."""
        return f"{self.id}/{self.ended_at}"


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a trigger has collected for one key."""

    key: Key
    revision: int = 0
    ends: tuple[End, ...] = ()


def find_taken(store: Store, workflow: str, trigger: str, end: End) -> tuple[End, ...] | None:
    """The ends that this one has made complete, none if it has not; None if it was never taken in."""
    item = store.table.get(store.keys.gathered(workflow, trigger, f"end#{end.identity}"))
    return None if item is None else _ends(item["complete"])


def find_gathering(store: Store, workflow: str, trigger: str, key: str) -> Gathering:
    """What has been collected so far."""
    place = store.keys.gathered(workflow, trigger, f"key#{key}")
    item = store.table.get(place)
    return Gathering(place) if item is None else Gathering(place, item["revision"], _ends(item["ends"]))


def take_in(
    store: Store, before: Gathering, end: End, after: Sequence[End], complete: Sequence[End], until: datetime
) -> bool:
    """Takes an end in, once; `after` is collected from then on. False if another write came between."""
    forget = int((until + KEPT).timestamp())
    unchanged = ABSENT if before.revision == 0 else Attr("revision").eq(before.revision)
    gathering = _item(before.key, revision=before.revision + 1, ends=_text(after), expires_at=forget)
    taken_key = Key(before.key.pk, f"end#{end.identity}")
    taken = _item(taken_key, complete=_text(complete), expires_at=forget)
    try:
        store.table.write([Put(gathering, unchanged), Put(taken, ABSENT)])
    except ConditionFailedError:
        return False
    return True


def _item(key: Key, **values: Any) -> dict[str, Any]:
    return {"pk": key.pk, "sk": key.sk, **values}


def _text(ends: Sequence[End]) -> str:
    return write_json([asdict(end) for end in ends])


def _ends(text: str) -> tuple[End, ...]:
    found: Any = read_json(text)
    return tuple(End(**one) for one in found)
