"""However forks, loops and bodies lie in each other: a machine, or a refusal with the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from sys import getrecursionlimit, setrecursionlimit
from typing import Any, Final

import pytest

from translator.compiler import compile_data
from translator.depth import MOST_PARTS, MOST_SCOPES
from translator.diagnostics import DiagnosticsError

WORK: Final = {"type": "function", "parameters": {"function": "work"}}
ASKED: Final = {"type": "condition", "parameters": {"when": "{% $trigger.body.on %}"}}
_FRAMES: Final = 900
"""Of the interpreter's 1,000, so that whoever calls the compiler has some, too."""


class Nest:
    """A definition that is drawn from the outside in."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.parent: str | None = None
        self.last: str | None = None
        self._closing: list[Callable[[], None]] = []

    def node(self, what: dict[str, Any]) -> str:
        """A node with no edges."""
        name = f"n{len(self.nodes)}"
        held = {} if self.parent is None else {"parent": self.parent}
        self.nodes.append({"id": name, **what, **held})
        return name

    def edge(self, source: str | None, target: str, port: str = "out") -> None:
        """None if there is no source."""
        if source is not None:
            self.edges.append({"from": source, "to": target, "port": port})

    def follow(self, what: dict[str, Any]) -> str:
        """A node behind the last one."""
        name = self.node(what)
        is_asked = self.last is not None and self.nodes[int(self.last[1:])]["type"] == "condition"
        self.edge(self.last, name, "false" if is_asked else "out")
        self.last = name
        return name

    def side(self) -> None:
        """A fork with one node beside all that comes."""
        self.edge(self.follow(WORK), self.node(WORK))

    def skip(self) -> None:
        """An edge beside all that comes inside."""
        first = self.follow(WORK)
        self._closing.append(lambda: self.edge(first, self.follow(WORK)))

    def loop(self) -> None:
        """All that comes inside may be repeated."""
        first = self.follow(WORK)
        self._closing.append(lambda: self.edge(self.follow(ASKED), first, "true"))

    def body(self) -> None:
        """All that comes is inside a body; what is open ends before it."""
        self.close()
        self.parent = self.follow({"type": "for_each", "parameters": {"items": "{% [1] %}"}})
        self.last = None

    def close(self) -> None:
        """Ends what is open, the innermost first."""
        self.follow(WORK)
        while self._closing:
            self._closing.pop()()

    def definition(self) -> dict[str, Any]:
        """What has been drawn."""
        self.close()
        trigger = {"id": "by_hand", "type": "manual", "entry": "n0"}
        return {"id": "nest", "nodes": self.nodes, "edges": self.edges, "triggers": [trigger]}


def nested(*layers: tuple[str, int]) -> dict[str, Any]:
    """Layers from the outside in, each so many times."""
    nest = Nest()
    for kind, count in layers:
        for _ in range(count):
            getattr(nest, kind)()
    return nest.definition()


@contextmanager
def few_frames() -> Iterator[None]:
    limit = getrecursionlimit()
    setrecursionlimit(_FRAMES)
    try:
        yield
    finally:
        setrecursionlimit(limit)


def codes(definition: dict[str, Any]) -> set[str]:
    """Of all that is told, once everything was asked for that a compilation gives."""
    with few_frames():
        compilation = compile_data(definition)
        found = {one.code for one in compilation.diagnostics}
        try:
            assert compilation.asl_text
            assert compilation.forecast.definition_bytes
            assert compilation.source_map.to_json()
        except DiagnosticsError as error:
            found |= {one.code for one in error.diagnostics}
    return found


@pytest.mark.parametrize(
    "layers",
    [
        (("side", 31), ("body", 1), ("side", 30)),
        (("body", 8), ("side", 30)),
        (("loop", 1), ("side", 30), ("loop", 1), ("side", 30)),
        (("skip", 99),),
        (("loop", 1), ("skip", 70), ("loop", 1), ("skip", 70)),
    ],
)
def test_what_nests_as_deep_as_may_be_is_compiled(layers: tuple[tuple[str, int], ...]) -> None:
    assert "WF590" not in codes(nested(*layers))


@pytest.mark.parametrize("count", [3, 16])
def test_bodies_that_each_hold_deep_forks_are_refused_with_the_bound(count: int) -> None:
    layers = [("side", 39), ("body", 1)] * count
    (found,) = compile_data(nested(*layers)).diagnostics
    assert found.code == "WF590"
    assert f"the translator follows {MOST_SCOPES}" in found.message


def test_loops_that_each_hold_many_edges_beside_all_else_are_refused_with_the_bound() -> None:
    (found,) = compile_data(nested(*[("loop", 1), ("skip", 90)] * 3)).diagnostics
    assert found.code == "WF590"
    assert f"the translator follows {MOST_PARTS}" in found.message


@pytest.mark.parametrize("kind", ["side", "skip"])
def test_a_structure_of_hundreds_of_levels_is_compiled(kind: str) -> None:
    assert "WF590" not in codes(nested((kind, 400)))


def test_a_chain_of_hundreds_of_failures_is_compiled() -> None:
    nodes = [{"id": f"n{place}", **WORK} for place in range(400)]
    edges = [{"from": f"n{place}", "to": f"n{place + 1}", "port": "error"} for place in range(399)]
    assert not codes({"id": "failures", "nodes": nodes, "edges": edges})


@pytest.mark.parametrize("seed", range(12))
def test_whatever_lies_in_what_there_is_a_machine_or_a_refusal(seed: int) -> None:
    random = Random(seed)
    kinds = ("side", "skip", "loop", "body")
    layers = [(random.choice(kinds), random.choice((1, 1, 2, 10, 30))) for _ in range(random.randint(2, 9))]
    assert codes(nested(*layers)) <= {"WF401", "WF570", "WF571", "WF590"}
