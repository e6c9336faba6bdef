"""A local cloud in a process of its own, started as a user starts it, and what it takes of the machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steploom.platform.client import ApiClient

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cloud:
    """`steploom up` and a client of it."""

    process: subprocess.Popen[str]
    client: ApiClient
    aws_url: str

    def megabytes(self) -> tuple[float, float]:
        """Resident memory of the local cloud itself, and with the functions' processes."""
        own = _resident(self.process.pid)
        return own, own + sum(_resident(child) for child in _below(self.process.pid))

    def processor_seconds(self) -> tuple[float, float]:
        """Processor time of the local cloud itself so far, and with the functions' processes that live."""
        own = _worked(self.process.pid)
        return own, own + sum(_worked(child) for child in _below(self.process.pid))

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(folder: Path) -> Iterator[Cloud]:
    """The local cloud on free ports, stopped at the end unless it has been killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "steploom", "up", "--port", "0", "--aws-port", "0", "--data", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    try:
        assert process.stderr is not None
        told: dict[str, str] = {}
        for line in process.stderr:
            if match := re.match(r"  (REST API|Step Functions|token|data) +(\S+)", line):
                told[match[1]] = match[2]
            if line.startswith("Try:"):
                break
        # What it says later is for whoever reads the soak's own output; nobody reading would stop it.
        threading.Thread(target=shutil.copyfileobj, args=(process.stderr, sys.stderr), daemon=True).start()
        client = ApiClient(told["REST API"].removesuffix("/api"), told["token"])
        yield Cloud(process, client, told["Step Functions"])
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * _PAGE / 1e6


def _worked(process: int) -> float:
    try:
        # After the name, which may hold blanks: utime and stime are fields 14 and 15 (man: proc).
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _below(process: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        threads = [entry for entry in Path(f"/proc/{process}/task").iterdir() if entry.name != str(process)]
        for thread in threads:
            children += (thread / "children").read_text().split()
    except OSError:
        return
    for child in children:
        yield int(child)
        yield from _below(int(child))
