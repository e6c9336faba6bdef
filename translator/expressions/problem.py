"""What is wrong with an expression, before it is known where in a definition it stands."""

from __future__ import annotations

from dataclasses import dataclass

from translator.diagnostics.model import Diagnostic, Position, Severity


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """A mistake between `start` and `end`: offsets in characters from the start of the source."""

    code: str
    message: str
    hint: str
    start: int
    end: int

    def at(self, position: Position, severity: Severity = Severity.ERROR) -> Diagnostic:
        """The diagnostic, once its place in the definition is known."""
        return Diagnostic(self.code, self.message, self.hint, position, severity)

    def moved(self, offset: int) -> ExpressionProblem:
        """The same problem in a longer text that holds the source from `offset` on."""
        return ExpressionProblem(self.code, self.message, self.hint, self.start + offset, self.end + offset)
