"""Draws layouts as one standalone SVG that follows the reader's light or dark mode."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from steploom.drawing.diagram import Diagram
from steploom.drawing.labels import label_places
from steploom.drawing.layout import LINE_HEIGHT, Layout, PlacedArrow, PlacedBox, Point, lay_out

_TITLE_HEIGHT: Final = 34.0
_GAP: Final = 24.0

STYLE: Final = """
svg.steploom {
  --ground: #ffffff; --ink: #1d2733; --faint: #5b6b7c; --line: #8494a6; --box: #f4f7fa; --frame: #c3ced9;
  --work: #e3effd; --work-frame: #5b93d6; --choice: #fdf1d8; --choice-frame: #d09a2c; --wait: #ece7fa;
  --wait-frame: #8d78cf; --end: #e2f4e6; --end-frame: #4da566; --failed: #fbe5e3; --failed-frame: #d0605a;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
@media (prefers-color-scheme: dark) {
  svg.steploom { --ground: #14181d; --ink: #e6ebf1; --faint: #9dabb9; --line: #74869a; --box: #1f262e;
    --frame: #44515e; --work: #1b3049; --work-frame: #4f86c6; --choice: #3a2f16; --choice-frame: #c08f2c;
    --wait: #2c2645; --wait-frame: #8672c6; --end: #1a3524; --end-frame: #48985f; --failed: #42211f;
    --failed-frame: #c65a54; } }
.steploom .ground { fill: var(--ground); }
.steploom text { fill: var(--ink); font-size: 13px; text-anchor: middle; }
.steploom .heading { font-size: 15px; font-weight: 600; text-anchor: start; }
.steploom .subtitle { fill: var(--faint); font-size: 11px; }
.steploom .label { fill: var(--faint); font-size: 11px; paint-order: stroke; stroke: var(--ground);
  stroke-width: 4px; stroke-linejoin: round; }
.steploom .box rect { fill: var(--box); stroke: var(--frame); stroke-width: 1.3; }
.steploom .work > rect { fill: var(--work); stroke: var(--work-frame); }
.steploom .choice > rect { fill: var(--choice); stroke: var(--choice-frame); }
.steploom .wait > rect { fill: var(--wait); stroke: var(--wait-frame); }
.steploom .end > rect { fill: var(--end); stroke: var(--end-frame); }
.steploom .failed > rect { fill: var(--failed); stroke: var(--failed-frame); }
.steploom .trigger > rect { fill: none; stroke-dasharray: 4 3; }
.steploom .group > rect { fill: none; stroke: var(--line); stroke-dasharray: 2 3; }
.steploom path { fill: none; stroke: var(--line); stroke-width: 1.5; }
.steploom path.error { stroke: var(--failed-frame); stroke-dasharray: 5 3; }
.steploom .tip { fill: var(--line); stroke: none; }
.steploom .error-tip { fill: var(--failed-frame); stroke: none; }
"""
_TIPS: Final = "".join(
    f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path class="{name}" d="M0,0 L8,4 L0,8 z"/></marker>'
    for name in ("tip", "error-tip")
)


def draw_svg(diagrams: Sequence[Diagram], title: str) -> str:
    """Diagrams side by side, each under its title, as SVG text with nothing outside it."""
    layouts = [lay_out(diagram) for diagram in diagrams]
    width = sum(layout.width for layout in layouts) + _GAP * (len(layouts) - 1)
    height = max(layout.height for layout in layouts) + _TITLE_HEIGHT
    size = f'width="{width:.0f}" height="{height:.0f}"'
    view = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="steploom" role="img" {size} {view}>',
        f"<title>{escape(title)}</title><style>{STYLE}</style><defs>{_TIPS}</defs>",
        f'<rect class="ground" {size}/>',
    ]
    left = 0.0
    for diagram, layout in zip(diagrams, layouts, strict=True):
        parts.append(f'<text class="heading" x="{left + 16:.0f}" y="24">{escape(diagram.title)}</text>')
        parts.append(f'<g transform="translate({left:.1f},{_TITLE_HEIGHT:.0f})">')
        parts.extend(_drawn(layout))
        parts.append("</g>")
        left += layout.width + _GAP
    return "\n".join([*parts, "</svg>", ""])


def _drawn(layout: Layout) -> Iterator[str]:
    for box in layout.boxes:
        yield from _box(box)
    for arrow in layout.arrows:
        yield _arrow(arrow)
    labelled = [arrow for arrow in layout.arrows if arrow.arrow.label]
    for arrow, (x, y) in zip(labelled, label_places(labelled), strict=True):
        yield f'<text class="label" x="{x:.1f}" y="{y + 4:.1f}">{escape(arrow.arrow.label)}</text>'


def _box(box: PlacedBox) -> Iterator[str]:
    kind = f"box {box.box.kind}"
    corner = 16 if box.box.kind in ("trigger", "end", "failed") else 7
    yield f'<g class="{escape(kind)}" transform="translate({box.x:.1f},{box.y:.1f})">'
    yield f'<rect width="{box.width:.1f}" height="{box.height:.1f}" rx="{corner}"/>'
    middle, line = box.width / 2, LINE_HEIGHT + 4.0
    for text in box.lines:
        yield f'<text x="{middle:.1f}" y="{line:.1f}">{escape(text)}</text>'
        line += LINE_HEIGHT
    if box.box.subtitle:
        yield f'<text class="subtitle" x="{middle:.1f}" y="{line - 1:.1f}">{escape(box.box.subtitle)}</text>'
    for x, y, layout in box.inner:
        yield f'<g transform="translate({x:.1f},{y:.1f})">'
        frame = f'<rect width="{layout.width:.1f}" height="{layout.height:.1f}" rx="6"/>'
        yield f'<g class="box group">{frame}</g>'
        yield from _drawn(layout)
        yield "</g>"
    yield "</g>"


def _arrow(arrow: PlacedArrow) -> str:
    tip = "error-tip" if arrow.arrow.kind == "error" else "tip"
    return f'<path class="{escape(arrow.arrow.kind)}" d="{_curve(arrow.points)}" marker-end="url(#{tip})"/>'


def _curve(points: Sequence[Point]) -> str:
    x, y = points[0]
    parts = [f"M{x:.1f},{y:.1f}"]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        middle = (y1 + y2) / 2
        parts.append(f"C{x1:.1f},{middle:.1f} {x2:.1f},{middle:.1f} {x2:.1f},{y2:.1f}")
    return " ".join(parts)
