"""What `respond` nodes answer, kept in the table for the webhook that waits."""

from __future__ import annotations

from dataclasses import dataclass

from layers.runtime.json_value import JsonValue, read_json
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.runs import Run, run_of
from layers.runtime.store.table import ABSENT, Put


@dataclass(frozen=True, slots=True)
class Look:
    """What a waiting webhook finds: the run as it is, and the answer that a node has given."""

    run: Run | None
    response: JsonValue = None


def put_response(store: Store, node_key: str, answer: str, expires_at: int) -> bool:
    """Keeps the answer (JSON text) of a node unless the root run has one; False if another node gave that."""
    key = store.keys.response(node_key.partition("/")[0])
    item = {"pk": key.pk, "sk": key.sk, "answer": answer, "node_key": node_key, "expires_at": expires_at}
    try:
        store.table.write([Put(item, ABSENT)])
    except ConditionFailedError:
        kept = store.table.get(key)
        return kept is not None and kept["node_key"] == node_key
    return True


def find_response(store: Store, run: str) -> JsonValue:
    """The answer that a node has given, None if none has."""
    item = store.table.get(store.keys.response(run))
    return None if item is None else read_json(item["answer"])


def look(store: Store, run: str) -> Look:
    """The run and its answer, in one call."""
    found, response = store.table.get_all((store.keys.run(run), store.keys.response(run)))
    answer = None if response is None else read_json(response["answer"])
    return Look(None if found is None else run_of(found), answer)
