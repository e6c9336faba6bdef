"""Which nodes have surely succeeded when another one starts."""

from __future__ import annotations

import pytest

from translator.analyses.succeeded import find_succeeded, reverse_postorder
from translator.compiler import compile_data
from translator.graph import FlowGraph


def graph_of(edges: str, **joins: str) -> FlowGraph:
    """A graph of `a>b` (success) and `a!b` (error edge), its nodes called by their letters."""
    drawn = [(edge[0], edge[1], edge[2]) for edge in edges.split()]
    names = sorted({name for source, _, target in drawn for name in (source, target)})
    definition = {
        "id": "drawn",
        "nodes": [
            {"id": name, "type": "function", "parameters": {"function": "f"}, "join": joins.get(name, "any")}
            for name in names
        ],
        "edges": [
            {"from": source, "to": target, **({"port": "error"} if sign == "!" else {})}
            for source, sign, target in drawn
        ],
        "triggers": [{"id": "by_hand", "type": "manual", "entry": names[0]}],
    }
    return compile_data(definition).graph


@pytest.mark.parametrize(
    ("edges", "reader", "sure"),
    [
        ("a>b b>c", "c", "ab"),
        ("a>b a>c b>d c>d", "d", "a"),
        ("a!b b>c", "b", ""),
        ("a!b b>c", "c", "b"),
        ("a>b a!c b>d c>d", "d", ""),
        ("a>b b>c c>b c>d", "d", "abc"),
        ("a>b b>c c>b b>d", "d", "ab"),
        ("a>b b>c", "a", ""),
    ],
)
def test_a_node_that_every_way_passes_has_succeeded(edges: str, reader: str, sure: str) -> None:
    graph = graph_of(edges)
    found = find_succeeded(graph)
    assert "".join(sorted(name for name in graph.nodes if found.surely(name, reader))) == sure


def test_a_join_of_all_has_all_that_it_waits_for() -> None:
    graph = graph_of("a>b a>c b>d c>d", d="all")
    found = find_succeeded(graph)
    assert [name for name in "abc" if found.surely(name, "d")] == ["a", "b", "c"]


def test_the_order_has_sources_first_and_every_node_once() -> None:
    graph = graph_of(" ".join(f"{a}>{b}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + " a>i")
    assert reverse_postorder(graph) == tuple("abcdefghi")


def test_a_long_chain_needs_no_deep_stack() -> None:
    nodes = [{"id": f"n{i}", "type": "function", "parameters": {"function": "f"}} for i in range(1200)]
    edges = [{"from": f"n{i}", "to": f"n{i + 1}"} for i in range(1199)]
    graph = compile_data({"id": "long", "nodes": nodes, "edges": edges}).graph
    assert find_succeeded(graph).surely("n0", "n1199")
