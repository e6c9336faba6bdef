"""What somebody who debugs can get wrong, each with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from translator.diagnostics.nearest import nearest


class DebuggerError(Exception):
    """The user's mistake; the debugger stands where it stood, nothing of the session is lost."""

    code: ClassVar[str]

    def __init_subclass__(cls, code: str) -> None:
        super().__init_subclass__()
        cls.code = code

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def to_text(self) -> str:
        """The message with its code, and the hint below it."""
        return f"{self.code}: {self.message}\n    hint: {self.hint}"


class UnknownNameError(DebuggerError, code="DBG101"):
    """A node, a variable, an edge or a breakpoint that is not there."""


class ExpressionError(DebuggerError, code="DBG102"):
    """An expression that cannot be read, or that fails on the values of this point."""


class EditError(DebuggerError, code="DBG103"):
    """A value that cannot be set here."""


class AnswerError(DebuggerError, code="DBG104"):
    """A pin or a mocked error for a node that calls nothing."""


class NoSuchPointError(DebuggerError, code="DBG105"):
    """A point that the run does not have, or not yet."""


class NotAnsweredError(DebuggerError, code="DBG106"):
    """A node would reach the outside, which this session does not."""


class CommandError(DebuggerError, code="DBG107"):
    """A command that cannot be read."""


class HistoryError(DebuggerError, code="DBG201"):
    """A file that holds no history."""


class IncompleteHistoryError(DebuggerError, code="DBG202"):
    """A history of which something is missing."""


class ForeignHistoryError(DebuggerError, code="DBG203"):
    """A history of another machine than the one at hand."""


def meant(written: str, known: Iterable[str]) -> str:
    """A hint: the name that was probably meant, else those that there are."""
    names = list(known)
    near = nearest(written, names)
    if near is not None:
        return f'did you mean "{near}"?'
    return f"there are: {', '.join(names)}" if names else "there are none"
