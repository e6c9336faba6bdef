"""How much memory a function's process has, from Linux's /proc; elsewhere nothing is limited."""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path
from typing import Final

_KILOBYTE: Final = 1024
MEGABYTE: Final = 1024 * 1024
_BACKSTOP: Final = 1024 * MEGABYTE
"""Above the limit: what asks for so much at once would fill the machine before anybody looks."""


class ProcessMemory:
    """The memory of one process, which may have ended."""

    def __init__(self, process: int, limit_mb: int) -> None:
        self._status = Path(f"/proc/{process}/status")
        self._limit = limit_mb * MEGABYTE
        prlimit = getattr(resource, "prlimit", None)
        if prlimit is not None:
            with contextlib.suppress(OSError, ValueError):
                most = self._limit + _BACKSTOP
                prlimit(process, resource.RLIMIT_DATA, (most, most))

    def is_over(self) -> bool:
        """Whether the process has more than it may."""
        return self._bytes("VmRSS:") > self._limit

    def most_megabytes(self) -> int:
        """The most that it has had."""
        return -(-self._bytes("VmHWM:") // MEGABYTE)

    def _bytes(self, name: str) -> int:
        try:
            lines = self._status.read_text().splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) * _KILOBYTE for line in lines if line.startswith(name)), 0)
