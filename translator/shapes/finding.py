"""What an expression does that cannot be meant, before it is known where in a definition it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

UNKNOWN_FIELD: Final = "WF320"
IMPOSSIBLE_COMPARISON: Final = "WF321"
WRONG_OPERAND: Final = "WF322"
WRONG_ARGUMENT: Final = "WF323"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding between `start` and `end`: offsets in characters from the start of the expression."""

    code: str
    message: str
    hint: str
    start: int
    end: int
    always_fails: bool = False
    """Whether evaluating the expression fails for this reason whatever the data is."""
