"""WF312: two nodes that run side by side set one variable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.node_type import Passing

CODE = "WF312"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Each pair of such writers."""
    if not facts.is_structured:
        return
    writers: dict[str, list[str]] = defaultdict(list)
    for node in facts.nodes.values():
        if isinstance(node.lowering, Passing):
            for variable in node.lowering.assign:
                writers[variable].append(node.id)
    merged = {variable.name for variable in facts.resolved.definition.variables if variable.merge}
    for variable, nodes in sorted(writers.items()):
        if variable in merged:
            continue
        for first, second in combinations(nodes, 2):
            if facts.can_overlap(first, second):
                message = f'"{first}" and "{second}" run side by side and both set "{variable}"'
                hint = "lead an edge from one to the other, or declare a `merge` of the variable"
                yield Diagnostic(CODE, message, hint, facts.nodes[second].position)
