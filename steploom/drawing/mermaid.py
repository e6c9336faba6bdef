"""Writes a diagram as Mermaid flowchart text, which many documents and forges draw by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steploom.drawing.diagram import Arrow, Box, Diagram

_SHAPES: Final = {
    "choice": ("{", "}"),
    "wait": ("([", "])"),
    "trigger": ("([", "])"),
    "end": ("([", "])"),
    "failed": ("([", "])"),
}


def draw_mermaid(diagram: Diagram) -> str:
    """A flowchart from top to bottom; boxes that hold diagrams become subgraphs."""
    return "\n".join(["flowchart TD", *_lines(diagram, "n", "  "), ""])


def _lines(diagram: Diagram, prefix: str, indent: str) -> Iterator[str]:
    # Mermaid's own words (end, graph, …) cannot be ids, so the boxes are numbered.
    names = {box.id: f"{prefix}{number}" for number, box in enumerate(diagram.boxes, start=1)}
    for box in diagram.boxes:
        yield from _box_lines(box, names[box.id], indent)
    for arrow in diagram.arrows:
        yield indent + _arrow_line(arrow, names)


def _box_lines(box: Box, name: str, indent: str) -> Iterator[str]:
    if not box.inner:
        opening, closing = _SHAPES.get(box.kind, ("[", "]"))
        yield f'{indent}{name}{opening}"{_escaped(box.title)}"{closing}'
        return
    yield f'{indent}subgraph {name}["{_escaped(box.title)}"]'
    if len(box.inner) == 1:
        yield from _lines(box.inner[0], f"{name}n", indent + "  ")
    else:
        yield from _branches(box, name, indent + "  ")
    yield f"{indent}end"


def _branches(box: Box, name: str, indent: str) -> Iterator[str]:
    for number, diagram in enumerate(box.inner, start=1):
        # A title there must be, else Mermaid writes the id.
        yield f'{indent}subgraph {name}b{number}[" "]'
        yield from _lines(diagram, f"{name}b{number}n", indent + "  ")
        yield f"{indent}end"


def _arrow_line(arrow: Arrow, names: dict[str, str]) -> str:
    line = "-.->" if arrow.kind == "error" else "-->"
    label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
    return f"{names[arrow.source]} {line}{label} {names[arrow.target]}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
