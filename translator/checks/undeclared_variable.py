"""WF313: a node sets a variable that the workflow does not have."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.definition.positions import join_pointer
from translator.diagnostics import Diagnostic
from translator.diagnostics.nearest import nearest
from translator.node_type import Passing

CODE = "WF313"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such setting."""
    declared = {variable.name for variable in facts.resolved.definition.variables}
    for index, node in facts.numbered_nodes():
        if not isinstance(node.lowering, Passing):
            continue
        for variable in sorted(node.lowering.assign.keys() - declared):
            message = f'node "{node.id}" sets "{variable}", which is no variable of the workflow'
            near = nearest(variable, declared)
            hint = f'did you mean "{near}"?' if near else _declare(variable)
            pointer = join_pointer(f"/nodes/{index}/parameters/values", variable)
            yield Diagnostic(CODE, message, hint, facts.resolved.positions.key_at(pointer))


def _declare(variable: str) -> str:
    return f'add {{name: {variable}, value: …}} to "variables"'
