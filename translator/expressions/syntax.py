"""What the translator needs to know of one expression: what it reads, calls and may not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from translator.expressions.node import SyntaxNode
from translator.expressions.parsing import ExpressionSyntaxError, parse
from translator.expressions.problem import ExpressionProblem
from translator.expressions.restrictions import find_problems
from translator.expressions.scoping import ExistsCall, FunctionUse, LocalName, Reference, Scoping, bind_names

__all__ = ["ExistsCall", "ExpressionTree", "FunctionUse", "LocalName", "Reference", "parse_expression"]


@dataclass(frozen=True, slots=True)
class ExpressionTree:
    """One expression, read. All offsets count characters from the start of `source`.

    With a syntax error `root` is None, `problems` says why, and everything else is empty.
    """

    source: str
    root: SyntaxNode | None = field(repr=False)
    references: tuple[Reference, ...] = ()
    """Every use of a variable that the expression does not bind itself, in the order of the text."""
    functions: tuple[FunctionUse, ...] = ()
    locals: tuple[LocalName, ...] = ()
    """The variables that the expression binds itself, where it does."""
    late: tuple[LocalName, ...] = ()
    """Uses, inside a function, of a name that the expression binds outside of it only later."""
    exists_on_bare_reference: tuple[ExistsCall, ...] = ()
    problems: tuple[ExpressionProblem, ...] = ()
    free_names: frozenset[str] = frozenset()
    """The names of all references."""


@lru_cache(maxsize=65_536)
def parse_expression(source: str) -> ExpressionTree:
    """Reads an expression (the text between `{%` and `%}`); never raises."""
    try:
        root = parse(source)
    except ExpressionSyntaxError as error:
        return ExpressionTree(source, None, problems=(error.problem,))
    scoping: Scoping = bind_names(root, source)
    return ExpressionTree(
        source,
        root,
        scoping.references,
        scoping.functions,
        scoping.locals,
        scoping.late,
        scoping.exists_calls,
        find_problems(root, scoping, source),
        frozenset(reference.name for reference in scoping.references),
    )
