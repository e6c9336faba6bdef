"""Strongly connected components (Tarjan, SIAM Journal on Computing 1972), without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Vertex = TypeVar("Vertex", bound=Hashable)


def strongly_connected(following: Mapping[Vertex, Iterable[Vertex]]) -> list[tuple[Vertex, ...]]:
    """The components, those that nothing leads on from first."""
    number: dict[Vertex, int] = {}
    lowest: dict[Vertex, int] = {}
    open_vertices: dict[Vertex, None] = {}
    components: list[tuple[Vertex, ...]] = []
    for root in following:
        if root in number:
            continue
        path = [(root, iter(following[root]))]
        number[root] = lowest[root] = len(number)
        open_vertices[root] = None
        while path:
            vertex, rest = path[-1]
            after = next(rest, None)
            if after is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[vertex])
                if lowest[vertex] == number[vertex]:
                    components.append(_closed(open_vertices, vertex))
            elif after not in number:
                number[after] = lowest[after] = len(number)
                open_vertices[after] = None
                path.append((after, iter(following[after])))
            elif after in open_vertices:
                lowest[vertex] = min(lowest[vertex], number[after])
    return components


def _closed(open_vertices: dict[Vertex, None], first: Vertex) -> tuple[Vertex, ...]:
    component: list[Vertex] = []
    while not component or component[-1] != first:
        component.append(open_vertices.popitem()[0])
    return tuple(component)
