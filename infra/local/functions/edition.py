"""Which edition of its code a function has: another one when a Python file of it has changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Final

from infra.local.functions.asset import Asset

Edition = tuple[tuple[str, int, int], ...]
"""Path, time and size of each file."""
_LOOK_SECONDS: Final = 1.0
"""The platform's own packages are hundreds of files, and change while somebody works on them only."""


class Editions:
    """Looks at the user's own code each time, and at the platform's once a second."""

    def __init__(self, asset: Asset, monotonic: Callable[[], float]) -> None:
        self._asset = asset
        self._monotonic = monotonic
        self._lock = Lock()
        self._platform: Edition = _look(asset.shipped)
        self._looked_at = monotonic()

    def current(self) -> tuple[Edition, Edition]:
        """The edition of the code as it is now."""
        with self._lock:
            if self._monotonic() - self._looked_at >= _LOOK_SECONDS:
                self._platform = _look(self._asset.shipped)
                self._looked_at = self._monotonic()
            return _look(self._asset.watched), self._platform


def _look(places: Iterable[Path]) -> Edition:
    found: list[tuple[str, int, int]] = []
    for place in places:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)
