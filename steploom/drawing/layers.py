"""Puts the boxes of a diagram into layers, so that arrows point down and cross as little as may be."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from steploom.drawing.diagram import Arrow, Diagram

_SWEEPS: Final = 8

Slot = str
"""What stands in a layer: a box's id, or a bend of a long arrow (`number:layer`)."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Slots by layer, left to right, and for each arrow (by its number) the slots it passes, top down."""

    rows: tuple[tuple[Slot, ...], ...]
    paths: Mapping[int, tuple[Slot, ...]]
    upward: frozenset[int]
    """Numbers of arrows that really point from the last slot of their path to the first."""


def layered(diagram: Diagram) -> Layers:
    """The layers of a diagram; the same diagram always gives the same layers."""
    ids = [box.id for box in diagram.boxes]
    upward = _arrows_that_close_a_cycle(ids, diagram.arrows)
    ends = {
        number: (arrow.target, arrow.source) if number in upward else (arrow.source, arrow.target)
        for number, arrow in enumerate(diagram.arrows)
        if arrow.source != arrow.target
    }
    depth = _depths(ids, ends.values())
    paths = {number: _path(number, top, bottom, depth) for number, (top, bottom) in ends.items()}
    rows: list[list[Slot]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for box in ids:
        rows[depth[box]].append(box)
    for path in paths.values():
        for offset, bend in enumerate(path[1:-1], start=1):
            rows[depth[path[0]] + offset].append(bend)
    return Layers(_uncrossed(rows, paths.values()), paths, upward)


def _arrows_that_close_a_cycle(ids: Sequence[str], arrows: Sequence[Arrow]) -> frozenset[int]:
    leaving: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, arrow in enumerate(arrows):
        leaving[arrow.source].append((number, arrow.target))
    closing: set[int] = set()
    seen: set[str] = set()
    open_now: list[str] = []
    for root in ids:
        pending = [(root, False, -1)]
        while pending:
            box, leaves, _ = pending.pop()
            if leaves:
                open_now.remove(box)
                continue
            if box in seen:
                continue
            seen.add(box)
            open_now.append(box)
            pending.append((box, True, -1))
            for number, target in reversed(leaving[box]):
                if target in open_now:
                    closing.add(number)
                elif target not in seen:
                    pending.append((target, False, number))
    return frozenset(closing)


def _depths(ids: Sequence[str], ends: Iterable[tuple[str, str]]) -> dict[str, int]:
    above: dict[str, list[str]] = defaultdict(list)
    for top, bottom in ends:
        above[bottom].append(top)
    depth: dict[str, int] = {}
    pending = list(reversed(ids))
    while pending:
        box = pending[-1]
        missing = [top for top in above[box] if top not in depth]
        if missing and box not in depth:
            pending.extend(missing)
            continue
        depth.setdefault(pending.pop(), max((depth[top] + 1 for top in above[box]), default=0))
    return depth


def _path(number: int, top: str, bottom: str, depth: Mapping[str, int]) -> tuple[Slot, ...]:
    bends = (f"{number}:{layer}" for layer in range(depth[top] + 1, depth[bottom]))
    return (top, *bends, bottom)


def _uncrossed(rows: list[list[Slot]], paths: Iterable[Sequence[Slot]]) -> tuple[tuple[Slot, ...], ...]:
    above: dict[Slot, list[Slot]] = defaultdict(list)
    below: dict[Slot, list[Slot]] = defaultdict(list)
    for path in paths:
        for upper, lower in itertools.pairwise(path):
            below[upper].append(lower)
            above[lower].append(upper)
    best = [list(row) for row in rows]
    fewest = _crossings(best, below)
    for sweep in range(_SWEEPS):
        downward = sweep % 2 == 0
        order = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for layer in order:
            fixed = rows[layer - 1 if downward else layer + 1]
            _sort_by_neighbours(rows[layer], fixed, above if downward else below)
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return tuple(tuple(row) for row in best)


def _sort_by_neighbours(
    row: list[Slot], fixed: Sequence[Slot], neighbours: Mapping[Slot, list[Slot]]
) -> None:
    place = {slot: float(index) for index, slot in enumerate(fixed)}
    own = {slot: index for index, slot in enumerate(row)}
    wished = {slot: mean(place[one] for one in neighbours[slot]) for slot in row if neighbours.get(slot)}
    row.sort(key=lambda slot: (wished.get(slot, own[slot]), own[slot]))


def _crossings(rows: Sequence[Sequence[Slot]], below: Mapping[Slot, list[Slot]]) -> int:
    count = 0
    for upper, lower in itertools.pairwise(rows):
        place = {slot: index for index, slot in enumerate(lower)}
        lines = [(index, place[end]) for index, slot in enumerate(upper) for end in below.get(slot, ())]
        count += sum(
            1
            for number, (start, end) in enumerate(lines)
            for other_start, other_end in lines[number + 1 :]
            if (start - other_start) * (end - other_end) < 0
        )
    return count
