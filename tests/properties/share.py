"""How many random cases each property draws: a share of what was asked for, by what one of its cases costs."""

from __future__ import annotations

import os
from typing import Final

ASKED: Final = "STEPLOOM_PROPERTY_CASES"
ORDINARY: Final = 500
"""Where no number was asked for, as in `make test`."""


def is_long() -> bool:
    """Whether a number of cases was asked for, as in `make nightly`."""
    return ASKED in os.environ


def cases(one_in: int = 1, *, ordinary: int = ORDINARY) -> int:
    """The cases of a property that draws one in so many of those asked for, at least one."""
    return max(int(os.environ.get(ASKED, str(ordinary))) // one_in, 1)
