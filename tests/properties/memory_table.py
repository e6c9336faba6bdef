"""The one table in memory: whole writes or none, conditions as DynamoDB has them, a gate before each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from boto3.dynamodb.conditions import ConditionBase

from layers.runtime.store import ConditionFailedError, Item, Key
from layers.runtime.store.table import PRESENT, Add, Delete, Page, Put, Query, Update, Write, index_keys

_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": lambda left, right: bool(left == right),
    "<": lambda left, right: left is not None and left < right,
    "<=": lambda left, right: left is not None and left <= right,
    ">=": lambda left, right: left is not None and left >= right,
    "IN": lambda left, right: left in right,
}


class MemoryTable:
    """Answers what layers.runtime.store.table.Table does; indexes are never behind here."""

    def __init__(self, gate: Callable[[], None]) -> None:
        self.items: dict[Key, dict[str, Any]] = {}
        self._gate = gate

    def get(self, key: Key) -> Item | None:
        """The item as it is now."""
        self._gate()
        item = self.items.get(key)
        return None if item is None else dict(item)

    def write(self, writes: Sequence[Write]) -> None:
        """All writes or none."""
        self._gate()
        failed = [place for place, write in enumerate(writes) if not self._holds(write)]
        if failed:
            raise ConditionFailedError(failed)
        for write in writes:
            self._apply(write)

    def query(self, query: Query) -> Page:
        """One page, read at one moment."""
        self._gate()
        partition, sort = index_keys(query.index)
        found = [
            dict(item)
            for item in self.items.values()
            if item.get(partition) == query.partition
            and str(item.get(sort, "")).startswith(query.begins_with)
            and (query.filter is None or _holds(query.filter, item))
        ]
        found.sort(key=lambda item: str(item[sort]), reverse=query.newest_first)
        return Page(tuple(found[: query.limit]))

    def _holds(self, write: Write) -> bool:
        condition = write.condition
        if condition is None and isinstance(write, Update):
            condition = PRESENT
        return condition is None or _holds(condition, self.items.get(_key(write)) or {})

    def _apply(self, write: Write) -> None:
        key = _key(write)
        if isinstance(write, Delete):
            self.items.pop(key, None)
            return
        if isinstance(write, Put):
            self.items[key] = {name: value for name, value in write.item.items() if value is not None}
            return
        item = self.items.setdefault(key, {"pk": key.pk, "sk": key.sk})
        for name, number in (write.numbers if isinstance(write, Add) else {}).items():
            item[name] = item.get(name, 0) + number
        for name, value in write.values.items():
            if value is None:
                item.pop(name, None)
            else:
                item[name] = value


def _key(write: Write) -> Key:
    return Key(write.item["pk"], write.item["sk"]) if isinstance(write, Put) else write.key


def _holds(condition: ConditionBase, item: Mapping[str, Any]) -> bool:
    told = condition.get_expression()
    operator, values = told["operator"], told["values"]
    if operator == "AND":
        return all(_holds(value, item) for value in values)
    if operator == "OR":
        return any(_holds(value, item) for value in values)
    name = values[0].name
    if operator == "attribute_exists":
        return name in item
    if operator == "attribute_not_exists":
        return name not in item
    return _COMPARED[operator](item.get(name), values[1])
