"""Lines of the logs of Express executions, kept until all that belong to one execution have come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from layers.runtime.json_value import read_json, write_json
from layers.runtime.store import Store
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.table import ITEM_LIMIT_BYTES, Put, Query

KEPT_SECONDS = 86_400
"""Longer than a log is late; an Express execution ends within five minutes (AWS: Step Functions quotas)."""


def keep_lines(store: Store, execution: str, lines: Sequence[str], at: float) -> None:
    """Keeps lines that were written at a time (epoch seconds); the same lines again change nothing."""
    for packed in _packed(lines):
        key = store.keys.log_piece(execution, hashlib.sha256(packed).hexdigest())
        expires = int(at) + KEPT_SECONDS
        store.table.write([Put({"pk": key.pk, "sk": key.sk, "lines": packed, "expires_at": expires})])


def kept_lines(store: Store, execution: str) -> Iterator[str]:
    """All lines that were kept of an execution, in no order, some perhaps more than once."""
    query = Query(store.keys.log_piece(execution, "").pk)
    while True:
        page = store.table.query(query)
        for item in page.items:
            lines = read_json(unpack(item["lines"]))
            assert isinstance(lines, list)
            yield from (str(line) for line in lines)
        if page.next_key is None:
            return
        query = query.starting_at(page.next_key)


def _packed(lines: Sequence[str]) -> Iterator[bytes]:
    """In halves until each fits into an item; a single line always does (AWS: 256 KB an event)."""
    packed = pack(write_json(list(lines)))
    if len(packed) <= ITEM_LIMIT_BYTES or len(lines) == 1:
        yield packed
        return
    middle = len(lines) // 2
    yield from _packed(lines[:middle])
    yield from _packed(lines[middle:])
