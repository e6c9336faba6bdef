"""The source maps of versions and pinned machines, which never change, read once per warm instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from layers.runtime.store import Store
from layers.runtime.store.pinned import find_pinned_source_map
from layers.runtime.store.versions import find_source_map

KEPT: Final = 50


@dataclass(slots=True)
class SourceMaps:
    """What was read last stays."""

    store: Store
    _known: dict[tuple[str, int | str], Mapping[str, Any]] = field(default_factory=dict)

    def find(self, workflow: str, version: int) -> Mapping[str, Any] | None:
        """The source map of a version, None if there is no such version (yet)."""
        return self._kept((workflow, version), lambda: find_source_map(self.store, workflow, version))

    def find_pinned(self, workflow: str, digest: str) -> Mapping[str, Any] | None:
        """The source map of a pinned machine."""
        return self._kept((workflow, digest), lambda: find_pinned_source_map(self.store, workflow, digest))

    def _kept(
        self, key: tuple[str, int | str], read: Callable[[], Mapping[str, Any] | None]
    ) -> Mapping[str, Any] | None:
        known = self._known.pop(key, None) or read()
        if known is not None:
            self._known[key] = known
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return known
