"""A diagram as data: boxes, arrows between them, and boxes that hold whole diagrams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_LONGEST_LABEL: Final = 28


@dataclass(frozen=True, slots=True)
class Box:
    """One box; `kind` names its look (docs: the style sheet in `svg`)."""

    id: str
    title: str
    subtitle: str = ""
    kind: str = "plain"
    inner: tuple[Diagram, ...] = ()
    """Drawn inside the box, side by side."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow; `kind` is `plain`, `error` or `trigger`."""

    source: str
    target: str
    label: str = ""
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes in the order of their definition, and the arrows between them."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    title: str = ""


def shortened(label: str) -> str:
    """What there is room for at an arrow, on one line."""
    text = " ".join(label.split())
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
