"""WF590: how many loops and bodies may stand inside each other."""

from __future__ import annotations

from typing import Final

TOO_DEEP: Final = "WF590"
MOST_NESTED: Final = 16
"""What a run takes at most has twice the terms with each loop around."""


def why_too_deep(node: str) -> tuple[str, str]:
    """The message and the hint for the first node that stands in more."""
    message = f'node "{node}" stands in more than {MOST_NESTED} loops and bodies that are inside each other'
    return message, "put what is innermost into a workflow of its own, and call it by a node of type workflow"
