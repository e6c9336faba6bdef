"""What has been taken over and is not done yet: a file for each piece of work, so that no crash loses one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from infra.local.files import file_stem, write_whole

_LOG: Final = logging.getLogger(__name__)
_T = TypeVar("_T")


class Backlog:
    """A folder with what is pending, and with what has failed for good for a person to look at."""

    def __init__(self, folder: Path) -> None:
        self._pending = folder / "pending"
        self._failed = folder / "failed"
        for place in (self._pending, self._failed):
            place.mkdir(parents=True, exist_ok=True)

    def accept(self, identity: str, content: bytes) -> bool:
        """Keep a piece of work; False if one of that identity is pending, which is then the same one."""
        if self._path(identity).exists():
            return False
        self.keep(identity, content)
        return True

    def keep(self, identity: str, content: bytes) -> None:
        """Write what a pending piece of work has become; returns when it is on disk."""
        write_whole(self._path(identity), content, against_power_loss=False)

    def done(self, identity: str) -> None:
        """Forget a piece of work."""
        self._path(identity).unlink(missing_ok=True)

    def fail(self, identity: str) -> None:
        """Put a piece of work aside."""
        path = self._path(identity)
        if path.exists():
            path.replace(self._failed / path.name)

    def recover(self, read: Callable[[bytes], _T]) -> Iterator[_T]:
        """What an earlier process had accepted and not finished; what cannot be read is put aside."""
        for path in sorted(self._pending.glob("*.json")):
            try:
                work = read(path.read_bytes())
            except (ValueError, KeyError, TypeError):
                _LOG.exception('"%s" cannot be read; it is kept in "%s"', path.name, self._failed)
                path.replace(self._failed / path.name)
                continue
            yield work

    def _path(self, identity: str) -> Path:
        return self._pending / f"{file_stem(identity)}.json"
