"""moto's tables as they must be for many items: each request's work by what it touches, not by all there is.

moto copies a whole table for each transaction, looks at every item for each query, and keeps every object it
has ever made for its dashboard.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from functools import cache, wraps
from typing import Any

import moto.backends
from moto.core.common_models import BaseModel


@cache
def install() -> None:
    """Puts the faster ways into moto, once for the process."""
    from moto.dynamodb.models import DynamoDBBackend  # noqa: PLC0415 - half a second, at the first cloud only
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415
    from moto.dynamodb.models.table import Table  # noqa: PLC0415

    modules = tuple(moto.backends.list_of_moto_modules())
    query, transact = Table.query, DynamoDBBackend.transact_write_items

    def untracked(cls: type[BaseModel], *_arguments: Any, **_options: Any) -> BaseModel:
        return object.__new__(cls)

    @wraps(query)
    def query_part(self: Any, hash_key: Any, *arguments: Any, **options: Any) -> Any:
        indexed = _index_name(arguments, options) is not None
        keys = _matching(self, options) if indexed else [hash_key]
        return query(_part(self, keys), hash_key, *arguments, **options)

    @wraps(transact)
    def transact_part(self: Any, transact_items: list[dict[str, Any]]) -> None:
        touched = _touched(self, transact_items, DynamoType)
        acting = copy.copy(self)
        parts = {name: _pieces(self.tables[name], touched[name]) for name in touched}
        acting.tables = {**self.tables, **parts}
        try:
            transact(acting, transact_items)
        finally:
            # After a failure moto has put its backup in the place of each part.
            for name, keys in touched.items():
                _put_back(self.tables[name].items, acting.tables[name], keys)

    # moto lists its own folder for each request.
    moto.backends.list_of_moto_modules = cache(lambda: modules)
    # What moto tracks for its dashboard, which this cloud does not serve, would never be let go.
    BaseModel.__new__ = untracked  # type: ignore[method-assign]
    Table.query = query_part  # type: ignore[method-assign]
    DynamoDBBackend.transact_write_items = transact_part  # type: ignore[method-assign]


def _index_name(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    # The eighth parameter of Table.query, counted from its hash key.
    return arguments[6] if len(arguments) > 6 else options.get("index_name")


def _part(table: Any, keys: Iterable[Any]) -> Any:
    """The table with the partitions of some hash keys only; their items are the table's own."""
    part = copy.copy(table)
    part.items = type(table.items)(getattr(table.items, "default_factory", None))
    for key in keys:
        if key in table.items:
            part.items[key] = table.items[key]
    return part


def _pieces(table: Any, keys: Iterable[tuple[Any, Any]]) -> Any:
    """The table with some items only: the others of their partitions would be copied for nothing."""
    part = _part(table, () if table.range_key_attr is not None else [key for key, _ in keys])
    if table.range_key_attr is not None:
        for key, place in keys:
            held = table.items.get(key, {})
            if place in held:
                part.items.setdefault(key, {})[place] = held[place]
    return part


def _matching(table: Any, options: Mapping[str, Any]) -> list[Any]:
    """The partitions that hold an item with an index's hash key."""
    wanted = [(name, value) for name, value in options.get("hash_key_conditions") or ()]

    def fits(item: Any) -> bool:
        # moto's own comparison casts both sides first, which for many items is most of a query.
        return all(_same(item.attrs.get(name), value) for name, value in wanted)

    ranged = table.range_key_attr is not None
    return [key for key, held in table.items.items() if any(map(fits, held.values() if ranged else (held,)))]


def _same(kept: Any, wanted: Any) -> bool:
    return kept is not None and kept.value == wanted.value and kept.type == wanted.type


def _touched(backend: Any, actions: Iterable[Mapping[str, Any]], dynamo_type: Any) -> Mapping[str, list[Any]]:
    """By table, the hash and range keys of the items that a transaction touches."""
    touched: dict[str, list[Any]] = {}
    for action in actions:
        given: Mapping[str, Any] = next(iter(action.values()), {})
        table = backend.tables.get(given.get("TableName"))
        if table is None:
            continue
        item = given.get("Key") or given.get("Item") or {}
        names = (table.hash_key_attr, table.range_key_attr)
        key, place = (dynamo_type(item[name]) if name in item else None for name in names)
        touched.setdefault(table.name, []).extend([] if key is None else [(key, place)])
    return touched


def _put_back(items: dict[Any, Any], part: Any, keys: Iterable[tuple[Any, Any]]) -> None:
    if part.range_key_attr is None:
        for key, _ in keys:
            _set(items, key, part.items.get(key))
        return
    for key, place in keys:
        held = items.setdefault(key, {})
        _set(held, place, part.items.get(key, {}).get(place))
        if not held:
            del items[key]


def _set(items: dict[Any, Any], key: Any, item: Any) -> None:
    if item is None:
        items.pop(key, None)
    else:
        items[key] = item
