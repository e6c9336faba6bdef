"""A text read as data: what YAML and JSON have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from translator.definition.positions import Place, Positions
from translator.diagnostics.model import Diagnostic, DiagnosticsError, Position

SYNTAX: Final = "WF101"
EMPTY: Final = "WF102"
NOT_AN_OBJECT: Final = "WF103"
DUPLICATE_KEY: Final = "WF104"
SEVERAL_DOCUMENTS: Final = "WF105"
KEY_IS_NO_TEXT: Final = "WF106"
NOT_JSON: Final = "WF107"
TOO_LARGE: Final = "WF108"
NOT_TEXT: Final = "WF109"


@dataclass(slots=True)
class Document:
    """The data, where each value stands, and what is wrong with it as data."""

    text: str
    value: Any = None
    places: dict[str, Place] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def positions(self) -> Positions:
        """The places in the form that later phases ask for."""
        return Positions(self.places, self.text)

    def add(self, code: str, message: str, hint: str, position: Position) -> None:
        """Notes a mistake that does not keep the rest from being read."""
        self.diagnostics.append(Diagnostic(code, message, hint, position))

    def fail(self, code: str, message: str, hint: str, position: Position) -> DiagnosticsError:
        """The error for a mistake that does; what was noted before comes with it."""
        return DiagnosticsError([*self.diagnostics, Diagnostic(code, message, hint, position)])


def duplicate_key(key: str, position: Position) -> Diagnostic:
    """Two equal keys in one mapping: a reader would silently keep one of them."""
    return Diagnostic(
        DUPLICATE_KEY, f'the key "{key[:60]}" is here for the second time', "keep one of the two", position
    )


def too_deep(position: Position) -> Diagnostic:
    """A value inside more values than any definition needs."""
    return Diagnostic(
        TOO_LARGE, "the definition is nested too deeply", "nest objects and lists at most 64 deep", position
    )


def too_large(position: Position) -> Diagnostic:
    """More data than any definition needs, perhaps through aliases of aliases."""
    return Diagnostic(
        TOO_LARGE,
        "the definition is too large",
        "split the workflow, or use fewer aliases (`*name`), each of which repeats what it stands for",
        position,
    )


def no_json_number(written: str, position: Position) -> Diagnostic:
    """A number that JSON, and so the service, has no form for."""
    shown = written if len(written) <= 20 else written[:20] + "…"
    return Diagnostic(
        NOT_JSON,
        f'"{shown}" is no number that JSON can hold',
        "use a finite number, or put a text in quotes",
        position,
    )
