"""EventBridge event patterns: what they may say, and which events they match."""

from translator.event_pattern.match import matches
from translator.event_pattern.pattern import EventPatternError, Pattern, parse_pattern

__all__ = ["EventPatternError", "Pattern", "matches", "parse_pattern"]
