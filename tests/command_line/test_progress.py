"""The progress of bulk work: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

from io import StringIO

import pytest

from steploom.progress import progress
from steploom.screen import console


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def work(stream: StringIO, total: int = 7) -> str:
    with progress("workflows", total, stream) as done:
        done(1)
        console(stream).print("one is checked")
        done(3)
    return stream.getvalue()


def test_on_a_terminal_it_stands_below_what_is_printed_and_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = work(Terminal())
    assert "workflows" in shown
    assert "3/7" in shown
    assert "one is checked" in shown
    assert shown.rstrip("\n").endswith("\x1b[2K")


@pytest.mark.parametrize(("stream", "total"), [(StringIO(), 7), (Terminal(), 1)])
def test_elsewhere_and_for_a_single_thing_nothing_is_told(stream: StringIO, total: int) -> None:
    assert work(stream, total) == "one is checked\n"
