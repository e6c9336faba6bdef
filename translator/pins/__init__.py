"""Partial evaluation: a definition compiled with nodes that have already ended."""

from __future__ import annotations

from translator.pins.cut import Cut, pinned_input
from translator.pins.evaluate import Rest, case_mistakes, evaluate
from translator.pins.request import Request

__all__ = ["Cut", "Request", "Rest", "case_mistakes", "evaluate", "pinned_input"]
