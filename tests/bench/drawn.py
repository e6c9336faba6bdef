"""Graphs of any size as definitions: one construct over and over, or all of them mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeAlias

from tests.properties.shapes import flag

Definition: TypeAlias = dict[str, Any]


@dataclass
class Drawing:
    """A definition being drawn, nodes numbered as they come."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)

    def work(self, arguments: Mapping[str, Any] | None = None) -> str:
        """A `function` node."""
        return self._node("function", {"function": "work", "arguments": dict(arguments or {})})

    def choice(self) -> str:
        """A condition with the ports `true` and `false`."""
        return self._node("condition", {"when": flag(f"f{len(self.nodes)}")})

    def merge(self) -> str:
        """A node that computes nothing."""
        return self._node("transform", {"output": {}})

    def edge(self, source: str, target: str, port: str = "out", *, conditional: bool = False) -> None:
        """An edge; a conditional one has a `when`."""
        named = {} if port == "out" else {"port": port}
        when = {"when": flag(f"{source}_{target}")} if conditional else {}
        self.edges.append({"from": source, "to": target, **named, **when})

    def definition(self) -> Definition:
        """What has been drawn."""
        return {"id": "drawn", "nodes": self.nodes, "edges": self.edges}

    def _node(self, node_type: str, parameters: Mapping[str, Any]) -> str:
        node = f"n{len(self.nodes)}"
        self.nodes.append({"id": node, "type": node_type, "parameters": parameters})
        return node


Part: TypeAlias = tuple[str, str]
"""The first and the last node of what was drawn."""


def _repeated(draw: Callable[[Drawing], Part], nodes: int) -> Definition:
    """The same part again and again, one after the other."""
    drawing = Drawing()
    last: str | None = None
    while len(drawing.nodes) < nodes:
        first, end = draw(drawing)
        if last is not None:
            drawing.edge(last, first)
        last = end
    return drawing.definition()


def _one(drawing: Drawing) -> Part:
    node = drawing.work()
    return node, node


def _reading(drawing: Drawing) -> Part:
    """A node that reads the one before."""
    before = len(drawing.nodes) - 1
    node = drawing.work({"value": f"{{% $n{before}.value %}}"} if before >= 0 else None)
    return node, node


def _fork(drawing: Drawing) -> Part:
    return _split(drawing, drawing.work(), ("out", "out"), conditional=False)


def _decision(drawing: Drawing) -> Part:
    return _split(drawing, drawing.choice(), ("true", "false"), conditional=False)


def _conditional_fork(drawing: Drawing) -> Part:
    return _split(drawing, drawing.work(), ("out", "out"), conditional=True)


def _split(drawing: Drawing, first: str, ports: tuple[str, str], *, conditional: bool) -> Part:
    sides = [drawing.work(), drawing.work()]
    join = drawing.work()
    for side, port in zip(sides, ports, strict=True):
        drawing.edge(first, side, port, conditional=conditional and side == sides[0])
        drawing.edge(side, join)
    return first, join


def _loop(drawing: Drawing) -> Part:
    first, second, again, behind = drawing.work(), drawing.work(), drawing.choice(), drawing.work()
    drawing.edge(first, second)
    drawing.edge(second, again)
    drawing.edge(again, first, "true")
    drawing.edge(again, behind, "false")
    return first, behind


def _caught(drawing: Drawing) -> Part:
    """A node, what follows its failure, and what follows both."""
    first, failed, behind = drawing.work(), drawing.work(), drawing.work()
    drawing.edge(first, behind)
    drawing.edge(first, failed, "error")
    drawing.edge(failed, behind)
    return first, behind


def wide_fork(nodes: int) -> Definition:
    """One node, all others but one beside one another, and the last one behind them."""
    drawing = Drawing()
    first = drawing.work()
    sides = [drawing.work() for _ in range(nodes - 2)]
    join = drawing.work()
    for side in sides:
        drawing.edge(first, side)
        drawing.edge(side, join)
    return drawing.definition()


def one_handler(nodes: int) -> Definition:
    """A chain of which every failure leads to one and the same node."""
    definition = _repeated(_one, nodes - 1)
    definition["nodes"].append({**definition["nodes"][0], "id": "failed"})
    definition["edges"] += [
        {"from": f"n{node}", "port": "error", "to": "failed"} for node in range(nodes - 1)
    ]
    return definition


def mixed(nodes: int, seed: int = 1) -> Definition:
    """Everything in everything: forks, decisions, conditional edges, loops, edges that skip, open ends."""
    drawing = Drawing()
    _mix(drawing, Random(seed), nodes)
    return drawing.definition()


_SIZES: Final = (1, 1, 2, 4, 8, 20, 60)


def _mix(drawing: Drawing, random: Random, nodes: int) -> Part:
    """A sequence of about so many nodes."""
    end = len(drawing.nodes) + nodes
    first: str | None = None
    last: str | None = None
    while last is None or len(drawing.nodes) < end:
        size = min(end - len(drawing.nodes), random.choice(_SIZES))
        start, stop = _one(drawing) if size <= 3 else _nested(drawing, random, size)
        if last is not None:
            drawing.edge(last, start)
        first, last = first or start, stop
    assert first is not None
    return first, last


def _nested(drawing: Drawing, random: Random, size: int) -> Part:
    kind = random.choice(("fork", "decision", "loop", "conditional"))
    if kind == "loop":
        first, last = _mix(drawing, random, size - 2)
        again, behind = drawing.choice(), drawing.merge()
        drawing.edge(last, again)
        drawing.edge(again, first, "true")
        drawing.edge(again, behind, "false")
        return first, behind
    head = drawing.choice() if kind == "decision" else drawing.work()
    count = 2 if kind == "decision" else random.choice((2, 2, 3))
    sides = [_mix(drawing, random, max(1, (size - 2) // count)) for _ in range(count)]
    join = drawing.merge()
    for place, (first, last) in enumerate(sides):
        port = ("true", "false")[place] if kind == "decision" else "out"
        drawing.edge(head, first, port, conditional=kind == "conditional" and place > 0)
        if place == 0 or random.random() < 0.85:
            drawing.edge(last, join)
    if kind == "fork" and random.random() < 0.15:
        drawing.edge(head, join)
    return head, join


def mosaic(rows: int, columns: int, colours: int) -> list[list[int]]:
    """The edges of a Montage workflow: images that overlap are compared in pairs, then fitted together.

    Each colour projects every image, compares each with its eight neighbours, models the background of all,
    and corrects every image; the last node puts the colours together.
    """
    edges: list[list[int]] = []
    ends: list[int] = []
    following = 0
    for _ in range(colours):
        places = [(row, column) for row in range(rows) for column in range(columns)]
        projected = {place: following + number for number, place in enumerate(places)}
        following += len(places)
        compared: list[int] = []
        for (row, column), image in projected.items():
            for other in ((row, column + 1), (row + 1, column - 1), (row + 1, column), (row + 1, column + 1)):
                if other in projected:
                    edges += [[image, following], [projected[other], following]]
                    compared.append(following)
                    following += 1
        fit, model = following, following + 1
        edges += [[one, fit] for one in compared] + [[fit, model]]
        following += 2
        corrected = [following + number for number in range(len(places))]
        edges += [[projected[place], image] for place, image in zip(places, corrected, strict=True)]
        edges += [[model, image] for image in corrected]
        following += len(places)
        table, added, viewed = following, following + 1, following + 2
        edges += [[image, table] for image in corrected] + [[image, added] for image in corrected]
        edges += [[table, added], [added, viewed]]
        following += 3
        ends.append(viewed)
    return edges + [[end, following] for end in ends]


SERIES: Final[Mapping[str, Callable[[int], Definition]]] = {
    "chain": lambda nodes: _repeated(_one, nodes),
    "chain that reads": lambda nodes: _repeated(_reading, nodes),
    "forks and joins": lambda nodes: _repeated(_fork, nodes),
    "decisions": lambda nodes: _repeated(_decision, nodes),
    "conditional edges": lambda nodes: _repeated(_conditional_fork, nodes),
    "loops": lambda nodes: _repeated(_loop, nodes),
    "caught failures": lambda nodes: _repeated(_caught, nodes),
    "one node for all failures": one_handler,
    "wide fork": wide_fork,
    "mixed": mixed,
}
