"""What somebody who debugs can get wrong, each with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from translator.diagnostics.nearest import nearest


class DebuggerError(Exception):
    """The user's mistake; the debugger stands where it stood, nothing of the session is lost."""

    code: ClassVar[str] = "DBG000"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def to_text(self) -> str:
        """The message with its code, and the hint below it."""
        return f"{self.code}: {self.message}\n    hint: {self.hint}"


class UnknownNameError(DebuggerError):
    """A node, a variable, an edge or a breakpoint that is not there."""

    code = "DBG101"


class ExpressionError(DebuggerError):
    """An expression that cannot be read, or that fails on the values of this point."""

    code = "DBG102"


class EditError(DebuggerError):
    """A value that cannot be set here."""

    code = "DBG103"


class AnswerError(DebuggerError):
    """A pin or a mocked error for a node that calls nothing."""

    code = "DBG104"


class NoSuchPointError(DebuggerError):
    """A point that the run does not have, or not yet."""

    code = "DBG105"


class NotAnsweredError(DebuggerError):
    """A node would reach the outside, which this session does not."""

    code = "DBG106"


class CommandError(DebuggerError):
    """A command that cannot be read."""

    code = "DBG107"


class HistoryError(DebuggerError):
    """A file that holds no history."""

    code = "DBG201"


class IncompleteHistoryError(DebuggerError):
    """A history of which something is missing."""

    code = "DBG202"


class ForeignHistoryError(DebuggerError):
    """A history of another machine than the one at hand."""

    code = "DBG203"


def meant(written: str, known: Iterable[str]) -> str:
    """A hint: the name that was probably meant, else those that there are."""
    names = list(known)
    near = nearest(written, names)
    if near is not None:
        return f'did you mean "{near}"?'
    return f"there are: {', '.join(names)}" if names else "there are none"
