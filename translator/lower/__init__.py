"""Phase 5: scopes become states, first with the definition's own names, then with one name per scope."""

from translator.lower.lowering import Lowered, Part, lower

__all__ = ["Lowered", "Part", "lower"]
