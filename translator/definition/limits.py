"""How large a definition's text may be, so that reading it stays cheap whatever it holds."""

from __future__ import annotations

from typing import Final

MAX_CHARACTERS: Final = 5_000_000
"""Of the text; a compiled machine may have 1 MB, so no text near this one can compile."""

MAX_DEPTH: Final = 64
"""Of objects and lists within one another."""

MAX_WEIGHT: Final = 1_000_000
"""Of values after aliases are followed; a value weighs 1, and 1 more for every 32 characters of a text."""


def weight(text: str) -> int:
    """What one scalar adds to the weight of a definition."""
    return 1 + len(text) // 32
