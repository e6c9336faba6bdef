"""WF590: more scopes stand inside each other than the translator follows, once forks are nested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.analyses.deepest import TOO_DEEP
from translator.diagnostics import Diagnostic
from translator.graph import FlowGraph
from translator.lower import BodyParts
from translator.regions import Barrier, Block, Concurrent, Regions, Single

MOST_SCOPES: Final = 64
"""Forks and bodies around a node. A fork alone is nested less deep: beyond DEEPEST it begins anew."""
MOST_PARTS: Final = 150
"""The same with all parts and barriers that need no scope of their own."""
_HINT: Final = "put what is innermost into a workflow of its own, and call it by a node of type workflow"


def check_depth(whole: BodyParts, bodies: Mapping[str, BodyParts]) -> tuple[Diagnostic, ...]:
    """Whether every node stands in few enough scopes; `bodies` are outer ones first."""
    around: dict[str, tuple[int, int]] = {}
    for node, body in [("", whole), *bodies.items()]:
        scopes, parts = around.get(node, (-1, -1))
        for part in (*body.parts.values(), *([body.handling] if body.handling else [])):
            for name, inner, all_parts in _depths(part.regions, scopes + 1, parts + 1):
                around[name] = inner, all_parts
                if inner > MOST_SCOPES or all_parts > MOST_PARTS:
                    return (_too_deep(name, inner, all_parts, part.graph),)
    return ()


def _too_deep(node: str, scopes: int, parts: int, graph: FlowGraph) -> Diagnostic:
    found = (
        f"{scopes} forks and bodies that are" if scopes > MOST_SCOPES else f"{parts} parts of forks that are"
    )
    most = MOST_SCOPES if scopes > MOST_SCOPES else MOST_PARTS
    message = f'node "{node}" stands in {found} inside each other, and the translator follows {most}'
    return Diagnostic(TOO_DEEP, message, _HINT, graph.nodes[node].position)


def _depths(regions: Regions, scopes: int, parts: int) -> Iterator[tuple[str, int, int]]:
    """By node how many scopes are around it, and how many parts with these."""
    pending = [(regions, regions.root, scopes, parts)]
    while pending:
        part, block, scopes, parts = pending.pop()
        for item in block.items:
            if isinstance(item, Single):
                loop = part.loops.get(item.element)
                name = part.elements.names[item.element]
                if loop is not None:
                    pending.append((loop, loop.root, scopes, parts + 1))
                elif name:
                    yield name, scopes, parts
            else:
                is_fork = isinstance(item, Concurrent) and len(item.branches) > 1
                pending += [(part, inner, scopes + is_fork, parts + 1) for inner in _inside(item)]


def _inside(item: Concurrent | Barrier) -> tuple[Block, ...]:
    return item.branches if isinstance(item, Concurrent) else (item.first, item.second)
