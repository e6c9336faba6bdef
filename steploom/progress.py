"""How far bulk work has come, on a terminal; a file or another program is told nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from steploom.screen import console

_COLUMNS: Final = (
    TextColumn("  {task.description}", style="dim"),
    BarColumn(bar_width=30),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)


@contextmanager
def progress(what: str, total: int, stream: TextIO | None = None) -> Iterator[Callable[[int], None]]:
    """Gives what is to be told how much of `total` is done in all; the bar goes away at the end.

    `stream` is standard error unless said otherwise. What is printed while the bar stands comes above it;
    standard output that is no terminal stays as it is.
    """
    stream = stream or sys.stderr
    if not stream.isatty() or total < 2:
        yield lambda _: None
        return
    is_seen = sys.stdout.isatty()
    with Progress(*_COLUMNS, console=console(stream), transient=True, redirect_stdout=is_seen) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda done: bars.update(bar, completed=done)
