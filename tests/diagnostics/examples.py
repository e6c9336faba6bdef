"""The examples, and how they are changed a few times."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / "workflows").glob("*.yaml"))
CONSTRUCTS = sorted((ROOT / "tests" / "golden" / "constructs").glob("*.yaml"))
EXAMPLES = [yaml.safe_load(file.read_text()) for file in WORKFLOWS]
EVERY_CONSTRUCT = [yaml.safe_load(file.read_text()) for file in CONSTRUCTS]

Change: TypeAlias = Callable[[st.DrawFn, dict[str, Any]], None]

NAMES = ["A" * 200, "…", " ", "{% $x %}", "Charge the card", "$entry", "B + C"]
"""For nodes to be shown by."""


@st.composite
def changed(
    draw: st.DrawFn, changes: Sequence[Change], most: int, given: Sequence[dict[str, Any]] = EXAMPLES
) -> dict[str, Any]:
    """An example definition after one to `most` changes."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(given)))
    data.pop("tests", None)
    for _ in range(draw(st.integers(1, most))):
        draw(st.sampled_from(changes))(draw, data)
    return data
