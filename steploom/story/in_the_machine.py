"""Where a node is found in the console: the states that do its work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from layers.runtime.timeline import OWN_WORK
from steploom.story.reading import Reading
from steploom.story.wording import listed


def in_the_machine(reading: Reading, node: str) -> Iterator[str]:
    """The states that a reader would not find by the node's name."""
    states: Mapping[str, Mapping[str, Any]] = reading.source_map["states"]
    own = [name for name, place in states.items() if place["node"] == node and place["role"] in OWN_WORK]
    if own and own != [reading.node(node).name]:
        yield f"In the console: {listed([_quoted(name) for name in own])}."
    inside = [name for name, place in states.items() if node in _others(place)]
    if inside:
        yield f"In the console: done by {listed([_quoted(name) for name in inside])}."


def _others(place: Mapping[str, Any]) -> set[str]:
    others = (*place.get("before", ()), *place.get("chain", ()), *place.get("after", ()))
    return set(others) - {place["node"]}


def _quoted(name: str) -> str:
    return f'"{name}"'
