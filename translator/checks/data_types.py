"""WF320 to WF325: an expression does with data what the data's shape does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, Position, Severity
from translator.expressions.template import parse_template
from translator.graph import FlowNode
from translator.node_type import Choosing, Passing
from translator.resolve.nesting import RESULT_OF
from translator.resolve.uses import OUTPUT, expression_texts
from translator.shapes import kinds
from translator.shapes.finding import IMPOSSIBLE_COMPARISON, Finding
from translator.shapes.parameters import parameter_shape, unescaped
from translator.shapes.scope import TYPES, Scope, scope_of
from translator.shapes.wording import kind_named, named

WRONG_VARIABLE = "WF324"
WRONG_PARAMETER = "WF325"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every finding in an expression of a node that runs, of its edges and of the output."""
    resolved = facts.resolved
    graphs = tuple(graph for graph, _ in facts.graphs)
    scope = scope_of(resolved.definition, graphs, resolved.bodies)
    for reader, pointer, text, is_edge in expression_texts(resolved.definition):
        if reader != OUTPUT and reader.removeprefix(RESULT_OF) not in facts.nodes:
            continue
        for part in parse_template(text).expressions:
            for finding in scope.inferred(part.source, reader, is_edge=is_edge).findings:
                start = part.start + finding.start
                yield _diagnostic(finding, resolved.positions.inside(pointer, text, start))
        if reader in facts.nodes and not is_edge:
            yield from _of_parameter(facts, scope, facts.nodes[reader], pointer, text)
    for index, node in facts.numbered_nodes():
        if node.id in facts.nodes:
            yield from _of_cases(facts, scope, node, f"/nodes/{index}/parameters/cases")
            yield from _of_variables(facts, scope, node, f"/nodes/{index}/parameters/values")


def _diagnostic(finding: Finding, position: Position) -> Diagnostic:
    """An error stops the compilation, so only what fails whatever the data is is one."""
    severity = Severity.ERROR if finding.always_fails else Severity.WARNING
    return Diagnostic(finding.code, finding.message, finding.hint, position, severity)


def _of_parameter(
    facts: Facts, scope: Scope, node: FlowNode, pointer: str, text: str
) -> Iterator[Diagnostic]:
    """A parameter whose expression gives another kind of value than the node's type takes."""
    parts = tuple(pointer.split("/")[4:])
    expected = parameter_shape(node.type.Parameters, parts)
    if expected.kinds & kinds.JSON == kinds.JSON:
        return
    given = scope.given(text, node.id).without(kinds.NULL)
    if not given.kinds or given.kinds & expected.kinds:
        return
    name = ".".join(unescaped(part) for part in parts)
    wanted = kind_named(expected.without(kinds.NULL))
    message = f'parameter "{name}" of node "{node.id}" takes {wanted}, and this gives {kind_named(given)}'
    hint = f'"steploom nodes {node.type.name}" shows the parameters and an example'
    position = facts.resolved.positions.at(pointer)
    yield Diagnostic(WRONG_PARAMETER, message, hint, position, Severity.WARNING)


def _of_cases(facts: Facts, scope: Scope, node: FlowNode, pointer: str) -> Iterator[Diagnostic]:
    """Cases that compare a value with what it can never be; the comparison is the node type's own."""
    cases = node.definition.parameters.get("cases")
    if not isinstance(node.lowering, Choosing) or not isinstance(cases, list):
        return
    for number, (_, condition) in enumerate(node.lowering.cases):
        for part in parse_template(condition).expressions:
            for finding in scope.inferred(part.source, node.id).findings:
                is_own = finding.start == 0 and finding.code == IMPOSSIBLE_COMPARISON
                if is_own and "when" not in cases[number]:
                    yield _diagnostic(finding, facts.resolved.positions.at(f"{pointer}/{number}"))


def _of_variables(facts: Facts, scope: Scope, node: FlowNode, pointer: str) -> Iterator[Diagnostic]:
    """Values that are not of the type that their variable is declared with."""
    if not isinstance(node.lowering, Passing):
        return
    types = {variable.name: variable.type for variable in facts.resolved.definition.variables}
    for name, template in node.lowering.assign.items():
        declared = TYPES.get(types.get(name, "any"))
        given = scope.given(template, node.id).without(kinds.ABSENT)
        if declared is None or not given.kinds or given.kinds & declared.kinds:
            continue
        message = f'node "{node.id}" sets "{name}", declared as {types[name]}, to {named(given)}'
        hint = "set a value of that type, or declare another type"
        position = facts.resolved.positions.at(f"{pointer}/{name}")
        yield Diagnostic(WRONG_VARIABLE, message, hint, position, Severity.WARNING)
