"""What can go wrong: in a definition, and in a state."""

from __future__ import annotations

from typing import Final

MAXIMUM_CAUSE_LENGTH: Final = 32_768
MAXIMUM_ERROR_LENGTH: Final = 256


class InvalidDefinition(ValueError):  # noqa: N818 (the service's own name for it)
    """A definition that the service would refuse at creation; the message names the place as it does."""

    def __init__(self, message: str, location: str) -> None:
        super().__init__(f"{message} at {location}")
        self.message = message
        self.location = location


class StateFailure(Exception):  # noqa: N818 (ASL speaks of failures of a state)
    """A state ends with `error` and `cause`.

    `aliases` are more names that a Retry or Catch may use for it; no wildcard matches a `terminal` one.
    """

    def __init__(
        self,
        error: str | None,
        cause: str | None,
        *,
        aliases: frozenset[str] = frozenset(),
        terminal: bool = False,
    ) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.aliases = aliases
        self.terminal = terminal


class QueryFailure(Exception):  # noqa: N818
    """An expression failed; the interpreter says where and makes States.QueryEvaluationError of it."""

    def __init__(self, message: str, location: str | None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location


class HistoryFull(Exception):  # noqa: N818
    """No event fits into the history any more except the last one."""


class NotRedrivable(Exception):  # noqa: N818 (the service's own name for it)
    """An execution that runs, has succeeded or is too long for a redrive; the message says which."""


class PathFailure(Exception):  # noqa: N818
    """A path of JSONPath mode leads nowhere; the interpreter makes States.Runtime of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
