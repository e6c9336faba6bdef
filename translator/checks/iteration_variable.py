"""WF347: a node inside a `for_each` sets a variable, which its iterations would set beside one another."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.node_type import Iterating, Passing

CODE = "WF347"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such node."""
    merged = {variable.name for variable in facts.resolved.definition.variables if variable.merge}
    for node in facts.nodes.values():
        if not isinstance(node.lowering, Passing) or node.lowering.assign.keys() <= merged:
            continue
        around = facts.resolved.nesting.around(node.id)
        body = next((each for each in around if isinstance(facts.nodes[each].lowering, Iterating)), None)
        if body is not None:
            listed = ", ".join(f'"{name}"' for name in sorted(node.lowering.assign.keys() - merged))
            message = f'"{node.id}" sets {listed}, and the iterations of "{body}" run beside one another'
            hint = f'set it behind "{body}" from its output, or declare a `merge` of the variable'
            yield Diagnostic(CODE, message, hint, node.position)
