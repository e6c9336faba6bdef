"""Every diagnostic code explained, with a definition that has it and one that has not; one file per phase."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from translator.diagnostics.catalogue.entry import Entry

__all__ = ["Entry", "entries", "find"]


@cache
def entries() -> Mapping[str, Entry]:
    """All entries by code, in the order of the codes; each file of this folder brings its `ENTRIES`."""
    found: dict[str, Entry] = {}
    for module in pkgutil.iter_modules(__path__):
        for entry in getattr(importlib.import_module(f"{__name__}.{module.name}"), "ENTRIES", ()):
            if entry.code in found:
                raise ValueError(f"two entries of the catalogue have the code {entry.code}")
            found[entry.code] = entry
    return MappingProxyType(dict(sorted(found.items())))


def find(code: str) -> Entry | None:
    """The entry of a code, in whatever case it was typed."""
    return entries().get(code.strip().upper())
