"""Whether every value that a case reads is certain: no variable is set beside one that uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from tests.properties.cases import Case
from tests.properties.graph import Graph, parts, reached
from tests.properties.loops import loops_of
from tests.properties.racing import races_of
from translator.definition.model import WorkflowDefinition


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


class Order:
    """What comes before what in a definition, also across the bodies' boundaries."""

    def __init__(self, definition: WorkflowDefinition) -> None:
        self._later = {node: later for graph in parts(definition) for node, later in in_order(graph).items()}
        self._parent = {node.id: node.parent for node in definition.nodes}
        self._repeats_side_by_side = {node.id for node in definition.nodes if node.type == "for_each"}
        guarded = {edge.from_ for edge in definition.edges if edge.port == "error"}
        self._may_go_on = guarded | {handler.of for handler in definition.error_handlers if handler.of}

    def around(self, node: str | None) -> list[str]:
        """The node and the bodies around it, innermost first."""
        found: list[str] = []
        while node:
            found.append(node)
            node = self._parent[node]
        return found

    def keeps(self, node: str) -> bool:
        """Whether a variable may be set here: nothing goes on after a body around it has failed."""
        bodies = self.around(node)[1:]
        return not any(body in self._may_go_on or body in self._repeats_side_by_side for body in bodies)

    def follows(self, one: str, other: str) -> bool:
        """Whether the other node runs after the one, if both run; a body node runs around its body."""
        for outer in self.around(one):
            for beside in self.around(other):
                if self._parent[outer] == self._parent[beside]:
                    return outer == beside or beside in self._later.get(outer, ())
        return False


def is_certain(case: Case) -> bool:
    """Whether those that set a variable are ordered with all others that use it."""
    variables = [variable["name"] for variable in case.definition.get("variables", [])]
    order = Order(case.model()) if variables else None
    return order is None or all(_is_ordered(case.definition, name, order) for name in variables)


def _is_ordered(definition: Mapping[str, Any], name: str, order: Order) -> bool:
    named = re.compile(rf"\${name}\b")
    edges = definition.get("edges", [])
    setting = {node["id"] for node in definition["nodes"] if name in node["parameters"].get("values", {})}
    using = {node["id"] for node in definition["nodes"] if named.search(json.dumps(node["parameters"]))}
    using |= setting | {edge["from"] for edge in edges if named.search(edge.get("when", ""))}
    return all(order.keeps(one) for one in setting) and all(
        order.follows(one, other) or order.follows(other, one)
        for one, other in combinations(sorted(using), 2)
        if setting & {one, other}
    )
