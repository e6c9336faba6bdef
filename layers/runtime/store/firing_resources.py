"""What in AWS fires a workflow's triggers, written down before it is made, so that nothing is left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from layers.runtime.json_value import read_json, write_json
from layers.runtime.store import Store
from layers.runtime.store.table import Delete, Put


@dataclass(frozen=True, slots=True)
class FiringResources:
    """Names of resources that exist, or may exist because their making was begun."""

    schedules: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    """As `<bus>|<rule>`."""
    awaited: frozenset[str] = frozenset()
    """Workflows that triggers wait for, as `<workflow>|<trigger>`."""

    def joined(self, other: FiringResources) -> FiringResources:
        """What is in either."""
        return FiringResources(**{name: _of(self, name) | _of(other, name) for name in _names()})

    def without(self, other: FiringResources) -> FiringResources:
        """What the other has not."""
        return FiringResources(**{name: _of(self, name) - _of(other, name) for name in _names()})


NO_RESOURCES = FiringResources()


def find_resources(store: Store, workflow: str) -> FiringResources:
    """What may exist for a workflow."""
    item = store.table.get(store.keys.firing(workflow))
    if item is None:
        return NO_RESOURCES
    known = read_json(item["resources"])
    assert isinstance(known, Mapping)
    return FiringResources(**{name: frozenset(_listed(known, name)) for name in _names()})


def keep_resources(store: Store, workflow: str, resources: FiringResources) -> None:
    """Writes down what may exist from now on."""
    key = store.keys.firing(workflow)
    if resources == NO_RESOURCES:
        store.table.write([Delete(key)])
        return
    text = write_json({name: sorted(_of(resources, name)) for name in _names()})
    store.table.write([Put({"pk": key.pk, "sk": key.sk, "resources": text})])


def _names() -> list[str]:
    return [field.name for field in fields(FiringResources)]


def _of(resources: FiringResources, name: str) -> frozenset[str]:
    names: frozenset[str] = getattr(resources, name)
    return names


def _listed(known: Mapping[str, object], name: str) -> list[str]:
    names = known.get(name, [])
    assert isinstance(names, list)
    return [str(one) for one in names]
