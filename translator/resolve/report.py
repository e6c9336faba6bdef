"""Collects what the resolve phase finds, each at its place in the definition."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from translator.definition.positions import Positions
from translator.diagnostics import Diagnostic, Severity, in_order
from translator.expressions.problem import ExpressionProblem


@dataclass
class Report:
    """The findings so far."""

    positions: Positions
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Whether any mistake was reported."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """The findings in the order of the text."""
        return in_order(self.diagnostics)

    def error(self, code: str, message: str, hint: str, pointer: str) -> None:
        """A mistake at a value."""
        self.diagnostics.append(Diagnostic(code, message, hint, self.positions.at(pointer)))

    def error_at_key(self, code: str, message: str, hint: str, pointer: str) -> None:
        """A mistake in a key."""
        self.diagnostics.append(Diagnostic(code, message, hint, self.positions.key_at(pointer)))

    def error_inside(self, code: str, message: str, hint: str, pointer: str) -> None:
        """Something that is missing at `pointer`: the place is the key of the value that it belongs into."""
        place = self.positions.key_at(pointer.rpartition("/")[0])
        self.diagnostics.append(Diagnostic(code, message, hint, replace(place, pointer=pointer)))

    def warning(self, code: str, message: str, hint: str, pointer: str) -> None:
        """Something that compiles, and is probably not meant."""
        position = self.positions.at(pointer)
        self.diagnostics.append(Diagnostic(code, message, hint, position, Severity.WARNING))

    def problem(self, problem: ExpressionProblem, pointer: str, text: str) -> None:
        """A mistake inside a text of the definition; its offsets count from the start of that text."""
        self.diagnostics.append(problem.at(self.positions.inside(pointer, text, problem.start)))
