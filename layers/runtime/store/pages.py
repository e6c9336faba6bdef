"""Pages of a list, and the opaque cursor that a caller sends to get the next one."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from layers.runtime.json_value import NotJsonError, read_json, write_json
from layers.runtime.problems import bad_cursor
from layers.runtime.store.table import Item, Query, index_keys

Element = TypeVar("Element")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Element]):
    """One page, and the cursor of the next one (None on the last)."""

    elements: tuple[Element, ...]
    cursor: str | None


def write_cursor(key: Item | None) -> str | None:
    """The key to go on from, as text that fits into an address."""
    return (
        None if key is None else base64.urlsafe_b64encode(write_json(dict(key)).encode()).decode().rstrip("=")
    )


def read_cursor(cursor: str | None, query: Query) -> Item | None:
    """The key of a cursor; raises RequestError (400) for text that no list of this kind has given."""
    if cursor is None:
        return None
    try:
        key = read_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (NotJsonError, ValueError) as error:
        raise bad_cursor() from error
    partition_key, sort_key = index_keys(query.index)
    if not isinstance(key, Mapping) or set(key) != {"pk", "sk", partition_key, sort_key}:
        raise bad_cursor()
    if key[partition_key] != query.partition or not all(isinstance(part, str) for part in key.values()):
        raise bad_cursor()
    return key
