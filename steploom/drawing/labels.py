"""Where the labels of arrows stand: on their arrows, and not on one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from steploom.drawing.layout import PlacedArrow, Point

_ALONG: Final = (0.5, 0.36, 0.64, 0.25, 0.75)
"""How far along the first bend of its arrow a label may stand, the best place first."""
_CHARACTER_WIDTH: Final = 6.0
_HEIGHT: Final = 12.0


def label_places(arrows: Sequence[PlacedArrow]) -> list[Point]:
    """The middle of each arrow's label: the first place that none before it has taken, else the best one."""
    places: list[Point] = []
    for arrow in arrows:
        free = (place for place in _places(arrow) if not _is_taken(arrow, place, arrows, places))
        places.append(next(free, _places(arrow)[0]))
    return places


def _places(arrow: PlacedArrow) -> list[Point]:
    (x1, y1), (x2, y2) = arrow.points[0], arrow.points[1]
    middle = (y1 + y2) / 2
    # The bend is a cubic curve whose control points stand above and below its ends, half way down.
    return [
        (
            x1 + (x2 - x1) * (3 * at**2 - 2 * at**3),
            (1 - at) ** 3 * y1 + 3 * at * (1 - at) * middle + at**3 * y2,
        )
        for at in _ALONG
    ]


def _is_taken(
    arrow: PlacedArrow, place: Point, arrows: Sequence[PlacedArrow], places: Sequence[Point]
) -> bool:
    return any(
        abs(place[1] - other[1]) < _HEIGHT and abs(place[0] - other[0]) < (_width(arrow) + _width(before)) / 2
        for before, other in zip(arrows, places, strict=False)
    )


def _width(arrow: PlacedArrow) -> float:
    return len(arrow.arrow.label) * _CHARACTER_WIDTH
