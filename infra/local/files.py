"""Files that are either written whole or not at all, and the lock on a data folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from pathlib import Path
from types import TracebackType

from infra.local.errors import FolderInUseError, FolderUnusableError


def write_whole(path: Path, content: bytes, *, against_power_loss: bool = True) -> None:
    """Replace a file's content so that a reader, also after a kill, sees the old or the new one whole.

    Waiting for the disk, which only a loss of power makes necessary, takes milliseconds.
    """
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as stream:
        stream.write(content)
        if against_power_loss:
            stream.flush()
            os.fsync(stream.fileno())
    draft.replace(path)


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a file, whole or not at all; only a crash can leave a last line without its end."""
    with path.open("ab") as stream:
        size = stream.tell()
        try:
            stream.write(line + b"\n")
            stream.flush()
        except OSError:
            os.truncate(path, size)
            raise


def whole_lines(path: Path) -> list[bytes]:
    """The lines of a file that `append_line` has written; one that a crash has cut is removed from it."""
    content = path.read_bytes()
    *lines, rest = content.split(b"\n")
    if rest:
        os.truncate(path, len(content) - len(rest))
    return lines


class FolderLock:
    """Holds a folder for this process; the operating system lets go of it however the process ends.

    Raises FolderInUseError if another process holds it, FolderUnusableError if it cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = -1

    def __enter__(self) -> FolderLock:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The data belongs to this machine, not into the project's repository.
            (self._folder / ".gitignore").write_text("*\n")
            self._descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FolderUnusableError(self._folder, error.strerror or str(error)) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise FolderInUseError(self._folder) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)


def file_stem(name: str) -> str:
    """A file's name for any text: readable, and different for different texts also where case is ignored."""
    readable = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:100]
    return f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
