"""How many runs may be under way at once, and which of them count together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from layers.runtime.json_value import JsonObject, JsonValue, write_json

OnLimit: TypeAlias = Literal["queue", "skip", "cancel_oldest"]

ALL: Final = "*"
"""The key where a limit has none: all runs of the workflow count together."""
KEY_LIMIT: Final = 200
"""Characters of a key that are kept; of a longer one the end is its digest."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`settings.concurrency` of a version, as functions read it."""

    most: int
    on_limit: OnLimit = "queue"
    priority: int = 5
    key: Sequence[JsonObject] | None = None
    """What the key is joined of: `{"path": [field, …]}` below `$trigger`, and `{"text": …}`."""

    def to_json(self) -> JsonObject:
        """As versions and routes keep it."""
        key = None if self.key is None else list(self.key)
        return {"most": self.most, "on_limit": self.on_limit, "priority": self.priority, "key": key}


NO_LIMIT: Final = Limit(1_000_000_000)
"""For runs that wait while their workflow's limit was taken away."""


def read_limit(document: JsonValue) -> Limit | None:
    """The limit that `to_json` has written; None of a version without one."""
    if not isinstance(document, Mapping):
        return None
    given: dict[str, Any] = dict(document)
    return Limit(**given)


def key_of(limit: Limit, trigger: JsonObject) -> str:
    """Which runs a run counts with: JSON text of the key's value, `null` where it yields nothing."""
    if limit.key is None:
        return ALL
    values = [_part(part, trigger) for part in limit.key]
    if len(values) == 1 and "path" in limit.key[0]:
        return _short(write_json(_whole(values[0][0]) if values[0] else None))
    return _short(write_json("".join(_text(value[0]) if value else "" for value in values)))


def group_of(key: str) -> str:
    """The key as a part of items' keys, which it could be too long or too odd for."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _part(part: JsonObject, trigger: JsonObject) -> tuple[JsonValue, ...]:
    """The value of a part of the key, or nothing."""
    if "text" in part:
        return (part["text"],)
    path = part["path"]
    assert isinstance(path, Sequence)
    return _value([str(field) for field in path], trigger)


def _value(path: Sequence[str], trigger: JsonObject) -> tuple[JsonValue, ...]:
    """As JSONata reads a path: through arrays into their elements, one value standing for itself."""
    found: list[JsonValue] = [trigger]
    is_one = True
    for position, field in enumerate(path):
        inner = [each for holder in found for each in _step(holder, field)]
        if is_one and position == len(path) - 1 and len(inner) == 1:
            return (inner[0],)
        is_one = len(inner) == 1 and not isinstance(inner[0], list)
        found = [each for value in inner for each in (value if isinstance(value, list) else (value,))]
    if len(found) == 1:
        return (found[0],)
    return (found,) if found else ()


def _step(holder: JsonValue, field: str) -> Sequence[JsonValue]:
    """The field's value; of an array several values together, or the one that there is."""
    found = _fields(holder, field)
    return ([*found],) if isinstance(holder, list) and len(found) > 1 else found


def _fields(holder: JsonValue, field: str) -> Sequence[JsonValue]:
    if isinstance(holder, Mapping):
        return (holder[field],) if field in holder else ()
    if not isinstance(holder, list):
        return ()
    inner = [value for each in holder for value in _fields(each, field)]
    return [each for value in inner for each in (value if isinstance(value, list) else (value,))]


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else write_json(_whole(value))


def _whole(value: JsonValue) -> JsonValue:
    """JSON numbers have no types: 1 and 1.0 are one key."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _short(key: str) -> str:
    return key if len(key) <= KEY_LIMIT else f"{key[: KEY_LIMIT - 33]}…{group_of(key)}"
