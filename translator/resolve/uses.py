"""Finds what every expression of a definition reads, and the names in it that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from translator import nodes as node_types
from translator.definition.model import Node, WorkflowDefinition
from translator.definition.positions import join_pointer
from translator.definition.wording import quoted
from translator.diagnostics import Diagnostic, Position
from translator.diagnostics.nearest import nearest
from translator.expressions.restrictions import ambiguous_names
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.resolve.nesting import RESULT_OF, Nesting
from translator.resolve.report import Report

UNKNOWN_NAME: Final = "WF210"
NOT_AN_EXPRESSION: Final = "WF211"
CONTEXT_NAMES: Final = frozenset({"trigger", "run"})
ITERATION_NAMES: Final = frozenset({"item", "index"})
ITERATION_NAME: Final = "WF344"
OUTPUT: Final = "$output"
"""The reader that is no node: the run's output."""


@dataclass(frozen=True, slots=True)
class Use:
    """One reading of a name: `reader` is the node whose state reads it (of an edge its source), or OUTPUT."""

    reader: str
    name: str
    position: Position
    is_edge: bool = False


def find_uses(definition: WorkflowDefinition, nesting: Nesting, report: Report) -> tuple[Use, ...]:
    """Every use of a node, a variable or `$error`; reports broken expressions and unknown names."""
    names = {node.id for node in definition.nodes} | {variable.name for variable in definition.variables}
    known = names | CONTEXT_NAMES | {"error"}
    anywhere = known | ITERATION_NAMES
    uses: list[Use] = []
    for reader, pointer, text, is_edge in expression_texts(definition):
        if is_edge:
            _require_expression(pointer, text, report)
        for name, position in _names_in(pointer, text, anywhere, report):
            if name in ITERATION_NAMES:
                if nesting.giver(reader, name) is None and reader not in nesting.misplaced:
                    _report_outside(name, position, report)
            elif name not in known:
                _report_unknown(name, known | nesting.names_for(reader), position, report)
            elif name not in CONTEXT_NAMES:
                uses.append(Use(reader, name, position, is_edge))
    return tuple(uses)


def expression_texts(definition: WorkflowDefinition) -> Iterator[tuple[str, str, str, bool]]:
    """Every text that is evaluated: its reader as of a Use, its pointer, itself, whether it is an edge's."""
    for index, node in enumerate(definition.nodes):
        inside = _evaluated_inside(node)
        for name, value in node.parameters.items():
            reader = f"{RESULT_OF}{node.id}" if name in inside else node.id
            for pointer, text in strings(value, join_pointer(f"/nodes/{index}/parameters", name)):
                yield reader, pointer, text, False
    for index, edge in enumerate(definition.edges):
        if edge.when is not None:
            yield edge.from_, f"/edges/{index}/when", edge.when, True
    for pointer, text in strings(definition.output, "/output"):
        yield OUTPUT, pointer, text, False


def _evaluated_inside(node: Node) -> frozenset[str]:
    known = node.type in node_types.names()
    return node_types.load(node.type).evaluated_inside if known else frozenset()


def _require_expression(pointer: str, text: str, report: Report) -> None:
    """Of an edge's `when`: any other text would simply be true."""
    template = parse_template(text)
    if template.whole is None and not template.problems:
        message = f"{quoted(text)} is a text, and a condition must be one expression"
        source = text.replace("{%", "").replace("%}", "").strip()
        report.error(NOT_AN_EXPRESSION, message, f'write "{{% {source} %}}"', pointer)


def strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Every text in a value that holds an expression, with its JSON pointer."""
    if isinstance(value, str):
        if "{%" in value:
            yield pointer, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings(inner, join_pointer(pointer, key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from strings(inner, join_pointer(pointer, index))


def _names_in(pointer: str, text: str, known: set[str], report: Report) -> Iterator[tuple[str, Position]]:
    template = parse_template(text)
    for problem in template.problems:
        report.problem(problem, pointer, text)
    for part in template.expressions:
        tree = parse_expression(part.source)
        for problem in (*tree.problems, *ambiguous_names(tree.late, known)):
            report.problem(problem.moved(part.start), pointer, text)
        for reference in tree.references:
            place = report.positions.inside(pointer, text, part.start + reference.start)
            yield reference.name, place


def _report_outside(name: str, position: Position, report: Report) -> None:
    message = f'"${name}" has a value only inside the body of a for_each'
    hint = "move the node into that body by its `parent`, or read the items themselves"
    report.diagnostics.append(Diagnostic(ITERATION_NAME, message, hint, position))


def _report_unknown(name: str, known: set[str] | frozenset[str], position: Position, report: Report) -> None:
    near = nearest(name, known)
    given = "".join(f", ${each}" for each in ("item", "index") if each in known)
    hint = f"an expression reads nodes and variables of this workflow, $trigger, $run{given} and $error"
    if near:
        hint = f'did you mean "${near}"?'
    message = f'"${name}" is no node and no variable of this workflow'
    report.diagnostics.append(Diagnostic(UNKNOWN_NAME, message, hint, position))
