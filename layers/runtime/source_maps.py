"""The source maps of versions, which never change, read once per warm instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from layers.runtime.store import Store
from layers.runtime.store.versions import find_source_map

KEPT: Final = 50


@dataclass(slots=True)
class SourceMaps:
    """What was read last stays."""

    store: Store
    _known: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)

    def find(self, workflow: str, version: int) -> Mapping[str, Any] | None:
        """The source map of a version, None if there is no such version (yet)."""
        known = self._known.pop((workflow, version), None) or find_source_map(self.store, workflow, version)
        if known is not None:
            self._known[workflow, version] = known
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return known
