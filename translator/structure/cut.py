"""Chooses where a part that is not series-parallel gets its barrier."""

from __future__ import annotations

from translator.analyses.elements import Bits, Elements, members


def best_cut(elements: Elements, inside: Bits) -> tuple[Bits, Bits]:
    """A first part, closed downwards, and the rest, with the least sum of longest chains.

    The candidates are the earliest-finish cuts, with every node counted as long as every other. Both
    parts hold a node. An edge whose target is not in the first part belongs to the rest.
    """
    finish = _finish_times(elements, inside)
    nodes = [element for element in finish if elements.names[element] is not None]
    levels = sorted({finish[node] for node in nodes})
    best: tuple[tuple[int, int, int], Bits] | None = None
    for level in levels[:-1]:
        first = _first_part(elements, inside, finish, level)
        if not _holds_node(elements, first) or not _holds_node(elements, inside & ~first):
            continue
        score = (
            _longest(elements, first) + _longest(elements, inside & ~first),
            _crossing(elements, first),
            level,
        )
        if best is None or score < best[0]:
            best = (score, first)
    if best is None:
        raise AssertionError("a bubble with concurrency has at least two levels")
    return best[1], inside & ~best[1]


def _finish_times(elements: Elements, inside: Bits) -> dict[int, int]:
    finish: dict[int, int] = {}
    for element in members(inside):
        start = max((finish.get(before, 0) for before in elements.predecessors[element]), default=0)
        finish[element] = start + (elements.names[element] is not None)
    return finish


def _first_part(elements: Elements, inside: Bits, finish: dict[int, int], level: int) -> Bits:
    nodes = 0
    for element in members(inside):
        if elements.names[element] is not None and finish[element] <= level:
            nodes |= 1 << element
    edges = 0
    for element in members(inside & ~nodes):
        if any(nodes >> after & 1 for after in elements.successors[element]):
            edges |= 1 << element
    return nodes | edges


def _holds_node(elements: Elements, part: Bits) -> bool:
    return any(elements.names[element] is not None for element in members(part))


def _longest(elements: Elements, part: Bits) -> int:
    return max(_finish_times(elements, part).values(), default=0)


def _crossing(elements: Elements, first: Bits) -> int:
    return sum(
        1 for element in members(first) for after in elements.successors[element] if not first >> after & 1
    )
