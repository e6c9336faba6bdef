"""What functions print: one file per worker in one folder per function, the oldest removed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STREAMS_KEPT: Final = 20
_TAIL_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class LogStream:
    """The log of one worker: the process writes to the same file."""

    path: Path

    @property
    def name(self) -> str:
        """The stream's name."""
        return self.path.stem

    def write(self, line: str) -> None:
        """Add a line of the platform's own."""
        with self.path.open("ab", buffering=0) as stream:
            stream.write(line.encode() + b"\n")

    def size(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path.exists() else 0

    def since(self, offset: int) -> bytes:
        """The last 4 KB of what was written after an offset."""
        with self.path.open("rb") as stream:
            stream.seek(max(offset, self.size() - _TAIL_BYTES))
            return stream.read()


class LogGroup:
    """The logs of one function."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def new_stream(self, name: str) -> LogStream:
        """A stream for a new worker; streams beyond the twenty newest are removed."""
        for old in self._newest_first()[_STREAMS_KEPT - 1 :]:
            old.unlink(missing_ok=True)
        stream = LogStream(self._folder / f"{name}.log")
        stream.path.touch()
        return stream

    def tail(self, limit: int) -> bytes:
        """The last `limit` bytes of the streams, the one written to last at the end."""
        pieces: list[bytes] = []
        for path in self._newest_first():
            content = path.read_bytes()
            pieces.append(content[-limit:])
            limit -= len(pieces[-1])
            if limit <= 0:
                break
        return b"".join(reversed(pieces))

    def _newest_first(self) -> list[Path]:
        return sorted(self._folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
