"""What is wrong with an event pattern."""

from __future__ import annotations


class EventPatternError(ValueError):
    """The user's mistake in a pattern; `path` leads to the field, `reason` says what belongs there."""

    def __init__(self, path: tuple[str, ...], reason: str) -> None:
        place = f"'{'.'.join(path)}': " if path else ""
        super().__init__(place + reason)
        self.path = path
        self.reason = reason
