"""Times in texts, as Wait and Choice take them (Amazon States Language: Timestamps)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)")


def parse_moment(text: str) -> datetime | None:
    """The time, or None if the text is none in the extended format of ISO 8601 with a `T` and an offset."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
