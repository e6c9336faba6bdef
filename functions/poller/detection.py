"""Tells what is new in an answer from what was seen before; nothing here knows of services or tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from functions.poller.settings import PollSettings, digest
from layers.runtime.firing.selecting import Evaluate, SelectionError, select
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.store.polls import Memory, Seen

MOST_ITEMS: Final = 5_000
"""Of an answer, and of what is known of earlier ones: so what is known fits into an item of the table."""


class UnusableAnswerError(Exception):
    """An answer in which there is nothing to be found as the trigger says."""


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the answer, with what it is known by."""

    key: str
    content: str
    value: JsonValue
    cursor: JsonValue = None


def detect(
    settings: PollSettings, memory: Memory, answer: JsonValue, today: int, evaluate: Evaluate
) -> Memory:
    """What is known after an answer; what is new in it is `pending`, as firings.

    The first answer, also the first to a trigger that detects in another way, is new as `first` says.
    Raises UnusableAnswerError.
    """
    is_first = memory.shape != settings.shape
    before = replace(memory, shape=settings.shape, seen={}, cursor=None) if is_first else memory
    try:
        items = _items(settings, before, answer, evaluate)
    except SelectionError as error:
        raise UnusableAnswerError(str(error)) from error
    new = [item for item in items if _is_new(settings, before, item)]
    if is_first and not settings.fires_first:
        return _known(settings, before, items, new, today)
    taken = new[: settings.max_items]
    after = _known(settings, before, items, taken, today)
    return replace(after, pending=tuple(_firings(settings, memory.revision, taken)))


def _items(settings: PollSettings, memory: Memory, answer: JsonValue, evaluate: Evaluate) -> list[_Item]:
    body = answer.get("body") if isinstance(answer, Mapping) else None
    found: JsonValue = [body]
    if settings.items is not None:
        found = select(settings.items, {"answer": answer, "cursor": memory.cursor}, body, evaluate)
    if found is None or not isinstance(found, list):
        raise UnusableAnswerError(f"there is no list at '{settings.items}' of the answer")
    if len(found) > MOST_ITEMS:
        raise UnusableAnswerError(f"the answer has {len(found)} items; {MOST_ITEMS} can be told apart")
    items: dict[str, _Item] = {}
    for place, value in enumerate(found):
        item = _item(settings, value, place, evaluate)
        items.setdefault(item.key, item)
    if settings.detect != "cursor":
        return list(items.values())
    return _in_order(list(items.values()))


def _item(settings: PollSettings, value: JsonValue, place: int, evaluate: Evaluate) -> _Item:
    content = digest(value)
    key = _chosen(settings.key, value, place, "key", evaluate) if settings.key else None
    # A document without a key is one and the same, whatever it says.
    name = digest(key) if settings.key else "" if settings.items is None else content
    cursor = None
    if settings.detect == "cursor" and settings.cursor is not None:
        cursor = _chosen(settings.cursor, value, place, "cursor", evaluate)
    return _Item(name, content, value, cursor)


def _chosen(text: str, value: JsonValue, place: int, what: str, evaluate: Evaluate) -> JsonValue:
    chosen = select(text, {"item": value}, value, evaluate)
    if chosen is None:
        raise UnusableAnswerError(f"item {place} of the answer has no {what} at '{text}'")
    return chosen


def _in_order(items: list[_Item]) -> list[_Item]:
    """By their cursors, which are all numbers or all texts."""
    if all(isinstance(item.cursor, str) for item in items):
        return sorted(items, key=lambda item: str(item.cursor))
    if all(isinstance(item.cursor, int | float) for item in items):
        return sorted(items, key=lambda item: float(str(item.cursor)))
    raise UnusableAnswerError("cursors have to be all numbers or all texts, to tell which comes later")


def _is_new(settings: PollSettings, memory: Memory, item: _Item) -> bool:
    known = memory.seen.get(item.key)
    if settings.detect == "cursor":
        return memory.cursor is None or _is_behind(item, memory, known)
    return known is None or (settings.detect == "hash" and known.content != item.content)


def _is_behind(item: _Item, memory: Memory, known: Seen | None) -> bool:
    """Whether it comes after the cursor, or stands on it beside what was seen there."""
    if isinstance(item.cursor, str) != isinstance(memory.cursor, str):
        raise UnusableAnswerError(f"the cursor was {memory.cursor!r} before, and is {item.cursor!r} now")
    if item.cursor == memory.cursor:
        return known is None
    last, now = memory.cursor, item.cursor
    if isinstance(now, str):
        return now > str(last)
    return float(str(now)) > float(str(last))


def _known(
    settings: PollSettings, before: Memory, items: Sequence[_Item], taken: Sequence[_Item], today: int
) -> Memory:
    """What is known once some items have been taken."""
    if settings.detect == "cursor":
        cursor = taken[-1].cursor if taken else before.cursor
        kept = before.seen if cursor == before.cursor else {}
        here = {item.key: Seen(item.content, today) for item in taken if item.cursor == cursor}
        return replace(before, cursor=cursor, seen={**kept, **here})
    present = {item.key for item in items}
    seen = {
        key: replace(one, day=today) if key in present else one
        for key, one in before.seen.items()
        if key in present or one.day > today - settings.remember_days
    }
    seen |= {item.key: Seen(item.content, today) for item in taken}
    if len(seen) <= MOST_ITEMS:
        return replace(before, seen=seen)
    newest = sorted(seen.items(), key=lambda one: (one[0] in present, one[1].day), reverse=True)
    return replace(before, seen=dict(newest[:MOST_ITEMS]))


def _firings(settings: PollSettings, revision: int, taken: Sequence[_Item]) -> list[JsonObject]:
    """One for each item or one for all, by an identity that only this decision gives."""
    if settings.is_batch:
        if not taken:
            return []
        identity = digest([revision, *(_identity(settings, revision, item) for item in taken)])
        return [{"identity": f"batch:{identity}", "items": [item.value for item in taken]}]
    return [{"identity": _identity(settings, revision, item), "item": item.value} for item in taken]


def _identity(settings: PollSettings, revision: int, item: _Item) -> str:
    if settings.detect == "key":
        return f"key:{item.key}"
    if settings.detect == "cursor":
        return f"cursor:{digest(item.cursor)}:{item.key}"
    # What was once so may be so again: only within one decision it is the same.
    return f"hash:{item.key}:{item.content}:{revision}"
