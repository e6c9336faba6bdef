"""The names of what fires triggers: the same for the same trigger, so that nothing is made twice."""

from __future__ import annotations

import hashlib
from typing import Final

LONGEST: Final = 64
"""Characters of a schedule's and of a rule's name (AWS: CreateSchedule, PutRule)."""
_DIGEST: Final = 8


def resource_name(*parts: str) -> str:
    """The parts with dots between them; what is too long ends in a digest of the whole."""
    whole = ".".join(parts)
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST]
    return f"{whole[: LONGEST - _DIGEST - 1]}-{digest}"
