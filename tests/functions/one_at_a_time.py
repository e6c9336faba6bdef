"""A table for several threads: the emulated service is not made for requests at the same time."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any, cast

from layers.runtime.store import Store


class _OneAtATime:
    """A client that sends one request after the other."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            with self._lock:
                return getattr(self._client, name)(**arguments)

        return call


def one_at_a_time(store: Store) -> Store:
    """The same store, which threads may share."""
    client = cast("Any", _OneAtATime(store.table.client))
    return replace(store, table=replace(store.table, client=client))
