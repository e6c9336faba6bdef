"""Refuses what would become too large before it is made, and what has taken too long by then."""

from __future__ import annotations

from typing import Final

from jsonata2py import JsonataEvaluationError

from translator.expressions.limits import MOST_CHARACTERS, MOST_ITEMS, WATCH

_LARGE: Final = 8_192
"""Characters or items: from here on it is worth looking at clock and memory."""


def hold_text(name: str, characters: int) -> None:
    """Raises JsonataEvaluationError where `name` would make a text of so many characters."""
    if characters > MOST_CHARACTERS:
        raise too_large(f"{name} makes a text of more than {MOST_CHARACTERS} characters")
    if characters > _LARGE:
        _look()


def hold_items(name: str, items: int) -> None:
    """Raises JsonataEvaluationError where `name` would make an array of so many items."""
    if items > MOST_ITEMS:
        raise too_large(f"{name} makes an array of more than {MOST_ITEMS} items")
    if items > _LARGE:
        _look()


def too_large(what: str) -> JsonataEvaluationError:
    """What an evaluation ends with that would take too much; `what` is a clause."""
    return JsonataEvaluationError("U1001", f"The expression takes too much: {what}.")


def out_of_memory() -> JsonataEvaluationError:
    """What an evaluation ends with that the service refuses to hold, in its words (recorded there)."""
    return JsonataEvaluationError(
        "", "Expression evaluation memory limit exceeded: Check for excessive memory usage"
    )


def _look() -> None:
    reason = WATCH.look()
    if reason is not None:
        raise JsonataEvaluationError("U1001", reason)
