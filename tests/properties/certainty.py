"""Whether every value that a case reads is certain: no variable is set beside one that uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from tests.properties.cases import Case
from tests.properties.graph import Graph, normal_part, reached
from tests.properties.loops import loops_of
from tests.properties.racing import races_of


def after(graph: Graph) -> Mapping[str, set[str]]:
    """By node, those that may run after it has succeeded, within an iteration."""
    repeating = loops_of(graph)
    forward = [link for link in graph.links if not any(loop.repeats(link) for loop in repeating)]
    return {
        node: reached([x.target for x in forward if x.source == node and x.port != "error"], forward)
        for node in graph.nodes
    }


def in_order(graph: Graph) -> Mapping[str, set[str]]:
    """The same without what a race may have cut short: behind it nothing tells whether a node had run."""
    races = races_of(graph, loops_of(graph)).values()
    return {
        node: later.intersection(*(between for between in races if node in between))
        for node, later in after(graph).items()
    }


def is_certain(case: Case) -> bool:
    """Whether those that set a variable are ordered with all others that use it."""
    variables = [variable["name"] for variable in case.definition.get("variables", [])]
    later = in_order(normal_part(case.model())) if variables else {}
    return all(_is_ordered(case.definition, name, later) for name in variables)


def _is_ordered(definition: Mapping[str, Any], name: str, later: Mapping[str, set[str]]) -> bool:
    named = re.compile(rf"\${name}\b")
    edges = definition.get("edges", [])
    setting = {node["id"] for node in definition["nodes"] if name in node["parameters"].get("values", {})}
    using = {node["id"] for node in definition["nodes"] if named.search(json.dumps(node["parameters"]))}
    using |= setting | {edge["from"] for edge in edges if named.search(edge.get("when", ""))}
    return all(
        other in later.get(one, ()) or one in later.get(other, ())
        for one, other in combinations(sorted(using), 2)
        if setting & {one, other}
    )
