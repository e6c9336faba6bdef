"""How many random cases each property draws: a share of those asked for, by what one of its cases costs."""

from __future__ import annotations

import os
from typing import Final

_ASKED: Final = "STEPLOOM_PROPERTY_CASES"


def is_long() -> bool:
    """Whether a number of cases was asked for, as in `make nightly`."""
    return _ASKED in os.environ


def cases(one_in: int = 1, *, ordinary: int = 500) -> int:
    """One in so many of the cases asked for; `ordinary` where nobody asked for any, as in `make test`."""
    return max(int(os.environ[_ASKED]) // one_in, 1) if is_long() else ordinary
