"""A diagnostic: one mistake, named, placed and with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How a diagnostic binds: only errors stop a compilation."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a definition: line and column from 1, and the JSON pointer (RFC 6901) of the value.

    A definition that was never text (built in Python, or sent as an object) has line 0.
    """

    line: int
    column: int
    pointer: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}" if self.line else self.pointer or "/"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a definition.

    `code` is an entry of the catalogue (`WF203`), `message` quotes the user's own names, `hint` says
    what to do.
    """

    code: str
    message: str
    hint: str
    position: Position
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.position}: {self.severity} {self.code}: {self.message}\n    {self.hint}"

    def to_json(self) -> dict[str, str | int]:
        """The form that the REST API puts into its problem+json answers."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint,
            "line": self.position.line,
            "column": self.position.column,
            "pointer": self.position.pointer,
        }


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics in the order of the text that they are about."""
    return tuple(sorted(diagnostics, key=lambda diagnostic: (diagnostic.position, diagnostic.code)))


class SteploomError(Exception):
    """The root of every error that Steploom raises on purpose."""


class DiagnosticsError(SteploomError):
    """The user's mistake: a definition with at least one diagnostic of severity error."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class InternalError(SteploomError):
    """Our bug: something that no definition may bring about."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} (this is a bug in Steploom: please report it with the definition)")
