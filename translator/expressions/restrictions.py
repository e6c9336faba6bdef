"""What JSONata would take but Step Functions refuses, or can only fail on."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final

from translator.diagnostics.nearest import nearest
from translator.expressions.depth import evaluated_depth
from translator.expressions.functions import KNOWN, REFUSED
from translator.expressions.node import SyntaxNode
from translator.expressions.problem import ExpressionProblem
from translator.expressions.scoping import FunctionUse, LocalName, Scoping
from translator.expressions.syntax_errors import too_deep

REFUSED_FUNCTION: Final = "WF253"
REFUSED_OPERATOR: Final = "WF254"
NO_CONTEXT: Final = "WF255"
UNKNOWN_FUNCTION: Final = "WF256"
BARE_FIELD: Final = "WF258"
RESERVED_LOCAL: Final = "WF259"
AMBIGUOUS_NAME: Final = "WF260"
GIVES_FUNCTION: Final = "WF261"

RESERVED: Final = frozenset({"states", "trigger", "run", "item", "index", "error"})
"""Names that stand for something in every expression, beside the nodes and variables."""

MOST_WRITTEN: Final = 90
"""Of the evaluations inside one another that the service allows, what is left for an author's own."""

_OPERATORS: Final = {
    "?:": "write `$x ? $x : other`",
    "??": "write `$x != null ? $x : other` for a node's output, or `$exists(x.y) ? x.y : other` for a field",
}


def find_problems(root: SyntaxNode, scoping: Scoping, source: str) -> tuple[ExpressionProblem, ...]:
    """Every use of something that the service does not have, in the order of the text."""
    problems = [
        *([too_deep(source)] if evaluated_depth(root) > MOST_WRITTEN else ()),
        *_operators(root),
        *_functions_as_values(root),
        *(_contextless(node) for node in scoping.contextless),
        *(_reserved(local) for local in scoping.locals if "__" in local.name or local.name in RESERVED),
        *(problem for use in scoping.functions if (problem := _function(use)) is not None),
    ]
    return tuple(sorted(problems, key=lambda problem: (problem.start, problem.code)))


def _operators(root: SyntaxNode) -> Iterator[ExpressionProblem]:
    for node in root.walk():
        if node.kind == "condition" and node.value in _OPERATORS:
            message = f'Step Functions has no operator "{node.value}"'
            yield ExpressionProblem(REFUSED_OPERATOR, message, _OPERATORS[node.name], node.start, node.end)


def _functions_as_values(root: SyntaxNode) -> Iterator[ExpressionProblem]:
    """The expression itself, where it gives a function; and a regular expression that it begins with.

    JSONata reads a `/` behind a bracket as a division, and the compiler puts brackets around expressions.
    """
    hint = "call it, or give the value that it would be applied to"
    names_function = root.kind == "variable" and root.name in KNOWN and root.name not in RESERVED
    if root.kind in {"lambda", "partial"} or names_function:
        message = "this expression gives a function, and a function is no value that a run can keep"
        yield ExpressionProblem(GIVES_FUNCTION, message, hint, 0, root.end)
    first = root
    while first.children:
        first = first.children[0]
    if first.kind == "regex":
        message = "an expression cannot begin with a regular expression, which is a function"
        hint = "write $match(text, /…/), $contains(text, /…/) or $replace(text, /…/, by)"
        yield ExpressionProblem(GIVES_FUNCTION, message, hint, 0, first.end)


def _contextless(node: SyntaxNode) -> ExpressionProblem:
    if node.kind == "variable":
        text = f"${node.name}"
        message = f'"{text}" has no value here: Step Functions gives an expression no input'
        hint = "name what you mean: $trigger.body, $<node id>, $<variable>"
        return ExpressionProblem(NO_CONTEXT, message, hint, node.start, node.end)
    if node.kind == "name":
        message = f'the field "{node.name}" is read from nothing'
        hint = (
            f'write ${node.name} for a node or variable of that name, or quote it for the text "{node.name}"'
        )
        return ExpressionProblem(BARE_FIELD, message, hint, node.start, node.end)
    sign = {"wildcard": "*", "descendant": "**", "parent": "%"}[node.kind]
    message = f'"{sign}" is read from nothing'
    return ExpressionProblem(BARE_FIELD, message, f"write $<name>.{sign}", node.start, node.end)


def _function(use: FunctionUse) -> ExpressionProblem | None:
    if use.name in REFUSED:
        message = f'Step Functions has no function "${use.name}"'
        hint = f"use ${REFUSED[use.name]}, which reads JSON text"
        return ExpressionProblem(REFUSED_FUNCTION, message, hint, use.start, use.end)
    if use.end - use.start == len(use.name):
        message = f'"{use.name}" is called like a function, but a function\'s name begins with $'
        return ExpressionProblem(UNKNOWN_FUNCTION, message, f"write ${use.name}(…)", use.start, use.end)
    if not use.called or use.name in KNOWN:
        return None
    near = nearest(use.name, KNOWN)
    hint = f"did you mean ${near}?" if near else "see the JSONata documentation for the functions there are"
    message = f'there is no function "${use.name}"'
    return ExpressionProblem(UNKNOWN_FUNCTION, message, hint, use.start, use.end)


def _reserved(local: LocalName) -> ExpressionProblem:
    proposal = local.name.replace("__", "_").strip("_") if "__" in local.name else f"this_{local.name}"
    message = f'"${local.name}" is a name that the compiler keeps for itself'
    return ExpressionProblem(RESERVED_LOCAL, message, f"call it ${proposal}", local.start, local.end)


def ambiguous_names(late: Iterable[LocalName], names: Container[str]) -> tuple[ExpressionProblem, ...]:
    """A problem for each late use (of an ExpressionTree) of a name that is also in `names`.

    When the function is called decides which of the two JSONata takes, and nobody can tell beforehand.
    """
    return tuple(
        ExpressionProblem(
            AMBIGUOUS_NAME,
            f'"${use.name}" may be the one from outside or the one that the expression binds later',
            f"bind another name than ${use.name} in the expression",
            use.start,
            use.end,
        )
        for use in late
        if use.name in names
    )
