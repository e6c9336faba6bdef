"""Gives every box of a diagram its place and every arrow its way."""

from __future__ import annotations

import itertools
import textwrap
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from steploom.drawing.diagram import Arrow, Box, Diagram
from steploom.drawing.layers import Layers, Slot, layered

MARGIN: Final = 16.0
LINE_HEIGHT: Final = 17.0
_GAP_ACROSS: Final = 28.0
_GAP_DOWN: Final = 46.0
_BEND_WIDTH: Final = 14.0
_CHARACTER_WIDTH: Final = 7.1
_NARROWEST: Final = 116.0
_WRAP_AT: Final = 24
_SWEEPS: Final = 12

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box with its corner, its size and the lines of its title; inner diagrams with their corners."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    inner: tuple[tuple[float, float, Layout], ...]

    @property
    def centre(self) -> float:
        """The middle, across."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class PlacedArrow:
    """An arrow with the points it passes, from its source to its target."""

    arrow: Arrow
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A diagram ready to draw, in pixels from its upper left corner."""

    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]
    width: float
    height: float


def lay_out(diagram: Diagram) -> Layout:
    """The layout of a diagram and of the diagrams in its boxes."""
    sized = {box.id: _sized(box) for box in diagram.boxes}
    layers = layered(diagram)
    width_of = {
        slot: sized[slot].width if slot in sized else _BEND_WIDTH for row in layers.rows for slot in row
    }
    centres = _centres(layers, width_of)
    tops, heights = _tops(layers, sized)
    shift = MARGIN - min((centres[slot] - width_of[slot] / 2 for slot in width_of), default=0)
    boxes = tuple(
        _moved(sized[box.id], centres[box.id] - sized[box.id].width / 2 + shift, tops[box.id])
        for box in diagram.boxes
    )
    across = {slot: centre + shift for slot, centre in centres.items()}
    bends = {
        slot: ((across[slot], tops[slot]), (across[slot], tops[slot] + heights[slot])) for slot in across
    }
    arrows = _arrows(diagram, layers, {box.box.id: box for box in boxes}, bends)
    return Layout(
        boxes,
        arrows,
        width=max((across[slot] + width_of[slot] / 2 for slot in width_of), default=0) + MARGIN,
        height=max((box.y + box.height for box in boxes), default=0) + MARGIN,
    )


def _sized(box: Box) -> PlacedBox:
    layouts = [lay_out(diagram) for diagram in box.inner]
    room = int(sum(layout.width for layout in layouts) / _CHARACTER_WIDTH)
    lines = tuple(textwrap.wrap(box.title, max(_WRAP_AT, room))) or ("",)
    longest = max(len(box.subtitle) * 0.86, *(len(line) for line in lines))
    width = max(_NARROWEST, longest * _CHARACTER_WIDTH + 28)
    height = LINE_HEIGHT * (len(lines) + bool(box.subtitle)) + 16
    inner: list[tuple[float, float, Layout]] = []
    across, tallest = 8.0, 0.0
    for layout in layouts:
        inner.append((across, height, layout))
        across += layout.width + 8
        tallest = max(tallest, layout.height)
    if inner:
        width, height = max(width, across), height + tallest + 8
    return PlacedBox(box, 0, 0, width, height, lines, tuple(inner))


def _moved(box: PlacedBox, x: float, y: float) -> PlacedBox:
    return PlacedBox(box.box, x, y, box.width, box.height, box.lines, box.inner)


def _tops(layers: Layers, sized: Mapping[str, PlacedBox]) -> tuple[dict[Slot, float], dict[Slot, float]]:
    """Where each slot's layer begins, and how high it is."""
    tops: dict[Slot, float] = {}
    heights: dict[Slot, float] = {}
    top = MARGIN
    for row in layers.rows:
        height = max((sized[slot].height for slot in row if slot in sized), default=0)
        tops.update(dict.fromkeys(row, top))
        heights.update(dict.fromkeys(row, height))
        top += height + _GAP_DOWN
    return tops, heights


def _centres(layers: Layers, width_of: Mapping[Slot, float]) -> dict[Slot, float]:
    neighbours: dict[Slot, list[Slot]] = defaultdict(list)
    for path in layers.paths.values():
        for upper, lower in itertools.pairwise(path):
            neighbours[upper].append(lower)
            neighbours[lower].append(upper)
    centres: dict[Slot, float] = {}
    for row in layers.rows:
        centres.update(zip(row, _spread(row, [0.0] * len(row), width_of), strict=True))
    for sweep in range(_SWEEPS):
        for row in layers.rows if sweep % 2 == 0 else reversed(layers.rows):
            wished = [mean([centres[one] for one in neighbours[slot]] or [centres[slot]]) for slot in row]
            centres.update(zip(row, _spread(row, wished, width_of), strict=True))
    return centres


def _spread(row: Sequence[Slot], wished: Sequence[float], width_of: Mapping[Slot, float]) -> list[float]:
    """The places nearest to the wished ones, by least squares, that keep the order and the gaps."""
    offsets = [0.0]
    for left, right in itertools.pairwise(row):
        offsets.append(offsets[-1] + (width_of[left] + width_of[right]) / 2 + _GAP_ACROSS)
    # Pool adjacent violators: neighbours that would overlap move as one block.
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        block = (wish - offset, 1)
        while blocks and blocks[-1][0] > block[0]:
            value, count = blocks.pop()
            total = count + block[1]
            block = ((value * count + block[0] * block[1]) / total, total)
        blocks.append(block)
    placed = [value for value, count in blocks for _ in range(count)]
    return [value + offset for value, offset in zip(placed, offsets, strict=True)]


def _arrows(
    diagram: Diagram,
    layers: Layers,
    boxes: Mapping[str, PlacedBox],
    bends: Mapping[Slot, tuple[Point, Point]],
) -> tuple[PlacedArrow, ...]:
    """Long arrows go straight down through the layers that they pass, between the boxes."""
    across = {slot: at[0][0] for slot, at in bends.items()}
    starts = _docks(layers, boxes, across, lambda path: (path[0], path[1]))
    ends = _docks(layers, boxes, across, lambda path: (path[-1], path[-2]))
    placed = []
    for number, path in layers.paths.items():
        upper, lower = boxes[path[0]], boxes[path[-1]]
        passed = [point for slot in path[1:-1] for point in bends[slot]]
        points = [(starts[number], upper.y + upper.height), *passed, (ends[number], lower.y)]
        if number in layers.upward:
            points.reverse()
        placed.append(PlacedArrow(diagram.arrows[number], tuple(points)))
    return tuple(placed)


def _docks(
    layers: Layers,
    boxes: Mapping[str, PlacedBox],
    across: Mapping[Slot, float],
    ends_of: Callable[[tuple[Slot, ...]], tuple[str, Slot]],
) -> dict[int, float]:
    """Where on its box each arrow begins or ends: side by side, in the order of where they lead."""
    at: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, path in layers.paths.items():
        box, next_slot = ends_of(path)
        at[box].append((across[next_slot], number))
    docks: dict[int, float] = {}
    for box, arrows in at.items():
        step = min(26.0, (boxes[box].width - 24) / len(arrows))
        for index, (_, number) in enumerate(sorted(arrows)):
            docks[number] = boxes[box].centre + (index - (len(arrows) - 1) / 2) * step
    return docks
