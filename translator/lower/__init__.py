"""Phase 5: scopes become states, first with the definition's own names, then with one name per scope."""

from translator.lower.lowering import Lowered, lower
from translator.lower.part import BodyParts, Part

__all__ = ["BodyParts", "Lowered", "Part", "lower"]
