"""A diagram as data: boxes, arrows between them, and boxes that hold whole diagrams."""

from __future__ import annotations

from dataclasses import dataclass


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
