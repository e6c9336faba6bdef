"""A text that was looked at once, and is the same until somebody rewrites it on purpose."""

from __future__ import annotations

import os
from collections.abc import Set
from pathlib import Path
from typing import Final

REWRITE: Final = os.environ.get("STEPLOOM_GOLDEN") == "rewrite"


def rewrite_or_compare(golden: Path, text: str) -> None:
    """Holds `text` to the file, or makes it the file where golden files are being rewritten."""
    text = text.rstrip("\n") + "\n"
    if REWRITE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert golden.exists(), "no golden file yet: make golden"
    assert text.splitlines() == golden.read_text().splitlines(), (
        "another output: look at it, then make golden"
    )
    assert text == golden.read_text()


def remove_or_refuse(left_over: Set[Path]) -> None:
    """Golden files that nothing is held to go when golden files are rewritten; else there may be none."""
    if not REWRITE:
        assert left_over == set()
    for file in left_over:
        file.unlink()
