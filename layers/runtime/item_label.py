"""What an iteration of a Map is for, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from layers.runtime.json_value import JsonValue, json_or_none, write_json

LONGEST: Final = 80
"""Characters of a label."""
_NAMING: Final = ("id", "name", "key")
_BATCH: Final = "Items"
"""Where a child execution that takes several items has them (AWS: ItemBatcher)."""


class Told(NamedTuple):
    """What the input of an iteration's first state tells of it."""

    place: int | None
    """Its index, from 0."""
    item: str | None
    is_one: bool
    """Whether it is for one item, and not for a batch."""


def told_of(given: str | None, index: int | None) -> Told:
    """Of the JSON text that an iteration begins with; `index` is what else is known of its place."""
    value = json_or_none(given)
    if not isinstance(value, Mapping):
        return Told(index, label_of(value), is_one=True)
    if "item" not in value:
        return Told(index, label_of(value), is_one=_BATCH not in value)
    own = value.get("index")
    return Told(own if isinstance(own, int) else index, label_of(value["item"]), is_one=True)


def label_of(item: JsonValue) -> str | None:
    """A scalar itself, of an object its id, name or key; None if there is nothing short to call it by."""
    if isinstance(item, Mapping):
        named = (item[name] for name in _NAMING if isinstance(item.get(name), (str, int, float)))
        item = next(named, None)
    if item is None or isinstance(item, (Mapping, list)):
        return None
    text = item if isinstance(item, str) else write_json(item)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
