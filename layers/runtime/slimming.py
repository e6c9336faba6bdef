"""Makes timelines fit: the largest values of nodes give way first, what ran and how it ended never does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json

Timeline = Sequence[JsonObject]
"""NodeRun.to_json() of each run."""

STEPS: Final = (64_000, 16_000, 4_000, 1_000, 100)
"""Bytes up to which values stay, tried one after the other."""


def fitting_timeline(timeline: Timeline, fits: Callable[[Timeline], bool]) -> Timeline | None:
    """The timeline with as much of its values as fits; None if it does not fit without any."""
    return next((slim for slim in _slimmer(timeline) if fits(slim)), None)


def _slimmer(timeline: Timeline) -> Iterator[Timeline]:
    yield timeline
    for limit in STEPS:
        yield [_without_large_values(node, limit) for node in timeline]


def _without_large_values(node: Mapping[str, JsonValue], limit: int) -> JsonObject:
    return {**node, **{part: _slim(node.get(part), limit) for part in ("input", "output")}}


def _slim(value: JsonValue, limit: int) -> JsonValue:
    size = size_in_bytes(write_json(value))
    return value if size <= limit else {"left_out_bytes": size}
