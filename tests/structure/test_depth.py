"""However deep a graph forks, its machine nests only so deep, and means the same."""

from __future__ import annotations

from typing import Any

from tests.properties.cases import Case
from tests.properties.verdict import wrong
from translator.compiler import compile_data
from translator.regions import Barrier, Block, Concurrent
from translator.structure.decompose import DEEPEST


def forking_chain(nodes: int) -> dict[str, Any]:
    """A chain of which every node also starts one that nothing follows: each fork lies in the one before."""
    work = {"type": "function", "parameters": {"function": "work", "arguments": {}}}
    names = [name for place in range(nodes) for name in (f"n{place}", f"side{place}")]
    edges = [{"from": f"n{place}", "to": f"side{place}"} for place in range(nodes)]
    edges += [{"from": f"n{place}", "to": f"n{place + 1}"} for place in range(nodes - 1)]
    return {"id": "deep", "nodes": [{"id": name, **work} for name in names], "edges": edges}


def depth(block: Block) -> int:
    deepest = 0
    for item in block.items:
        if isinstance(item, Concurrent):
            inner = max((depth(branch) for branch in item.branches), default=0)
            deepest = max(deepest, inner + (len(item.branches) > 1))
        elif isinstance(item, Barrier):
            deepest = max(deepest, depth(item.first), depth(item.second))
    return deepest


def test_a_chain_of_forks_nests_as_deep_as_it_is() -> None:
    compilation = compile_data(forking_chain(DEEPEST))
    assert depth(compilation.regions.root) == DEEPEST - 1
    assert not compilation.diagnostics


def test_a_longer_chain_gets_a_barrier_and_a_note() -> None:
    compilation = compile_data(forking_chain(3 * DEEPEST))
    assert depth(compilation.regions.root) <= DEEPEST
    assert {one.code for one in compilation.diagnostics} == {"WF401"}


def test_a_longer_chain_runs_as_the_semantics_says() -> None:
    assert wrong(Case(forking_chain(DEEPEST + 20))) == ("", [])
