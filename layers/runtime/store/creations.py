"""What callers' idempotency keys have created, so that a repeated request creates nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from layers.runtime.problems import key_reused
from layers.runtime.store import Store
from layers.runtime.store.runs import RETENTION_SECONDS
from layers.runtime.store.table import ABSENT, Put


@dataclass(frozen=True, slots=True)
class Creation:
    """A caller's key for one kind of thing, and the digest of what came with it."""

    kind: str
    key: str
    digest: str


def find_created(store: Store, sent: Creation | None) -> str | None:
    """The id of what the key has created; raises RequestError (422) if it came with something else."""
    if sent is None:
        return None
    item = store.table.get(store.keys.creation(sent.kind, sent.key))
    if item is None:
        return None
    if item["digest"] != sent.digest:
        raise key_reused(sent.key)
    return str(item["id"])


def put_creation(store: Store, sent: Creation, created: str, at: float) -> Put:
    """The write that remembers what a key has created, at a time in epoch seconds."""
    key = store.keys.creation(sent.kind, sent.key)
    values = {"id": created, "digest": sent.digest, "expires_at": int(at) + RETENTION_SECONDS}
    return Put({"pk": key.pk, "sk": key.sk, **values}, ABSENT)
