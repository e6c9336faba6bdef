"""Finds the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LEAST_PREFIX: Final = 4


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known name that is most like what was written, in whatever case, or that only goes on after it."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    folded = written.casefold()
    near = get_close_matches(folded, by_folded, n=1)
    if near:
        return by_folded[near[0]]
    longer = [name for key, name in by_folded.items() if key.startswith(folded)]
    return longer[0] if len(longer) == 1 and len(folded) >= _LEAST_PREFIX else None
