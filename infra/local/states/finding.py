"""One diagnostic of a definition, as the API tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCHEMA: Final = "SCHEMA_VALIDATION_FAILED"
ERROR: Final = "ERROR"
WARNING: Final = "WARNING"


@dataclass(frozen=True, slots=True)
class Finding:
    """`location` is a path such as /States/Charge, or a place in text that is no JSON."""

    code: str
    message: str
    location: str | None = None
    severity: str = ERROR

    def to_json(self) -> dict[str, str]:
        """As ValidateStateMachineDefinition tells it."""
        told = {"severity": self.severity, "code": self.code, "message": self.message}
        return told if self.location is None else {**told, "location": self.location}

    def to_text(self) -> str:
        """As CreateStateMachine tells it."""
        return f"{self.code}: {self.message} at {self.location or 'null'}"
