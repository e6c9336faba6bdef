"""The one table: definitions, versions, webhook routes, runs and what `once` nodes have done."""

from __future__ import annotations

from dataclasses import dataclass

from layers.runtime.store.keys import Key, Keys
from layers.runtime.store.table import ConditionFailedError, Item, Table

__all__ = ["ConditionFailedError", "Item", "Key", "Keys", "Store", "Table"]


@dataclass(frozen=True, slots=True)
class Store:
    """The part of the table that belongs to one project."""

    table: Table
    project: str

    @property
    def keys(self) -> Keys:
        """The project's keys."""
        return Keys(self.project)
