"""What the translator tells its user: codes, positions, severities and the two roots of errors."""

from translator.diagnostics.model import (
    Diagnostic,
    DiagnosticsError,
    InternalError,
    Position,
    Severity,
    SteploomError,
    has_errors,
    in_order,
    stop_on_errors,
)

__all__ = [
    "Diagnostic",
    "DiagnosticsError",
    "InternalError",
    "Position",
    "Severity",
    "SteploomError",
    "has_errors",
    "in_order",
    "stop_on_errors",
]
