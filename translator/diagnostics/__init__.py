"""What the translator tells its user: codes, positions, severities and the two roots of errors."""

from translator.diagnostics.model import (
    Diagnostic,
    DiagnosticsError,
    InternalError,
    Position,
    Severity,
    SteploomError,
    in_order,
)

__all__ = [
    "Diagnostic",
    "DiagnosticsError",
    "InternalError",
    "Position",
    "Severity",
    "SteploomError",
    "in_order",
]
