"""Turns JSONata source into a syntax tree, with the parser of the jsonata-python library."""

from __future__ import annotations

import sys
import threading
from typing import Any, Final

from translator.expressions.node import Kind, SyntaxNode
from translator.expressions.problem import ExpressionProblem
from translator.expressions.syntax_errors import explain, too_deep

# Importing the library raises the interpreter's recursion limit for the whole process.
_limit = sys.getrecursionlimit()
from jsonata.jexception import JException  # noqa: E402
from jsonata.parser import Parser  # noqa: E402
from jsonata.tokenizer import Tokenizer  # noqa: E402

sys.setrecursionlimit(_limit)

MAX_DEPTH: Final = 120
"""How many constructs may stand inside one another; the evaluators cope with little more."""

_parsers = threading.local()


class ExpressionSyntaxError(Exception):
    """The source is no JSONata expression; `problem` says where and why."""

    def __init__(self, problem: ExpressionProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def parse(source: str, max_depth: int = MAX_DEPTH) -> SyntaxNode:
    """The syntax tree of `source`; raises ExpressionSyntaxError."""
    parser = _parser()
    try:
        symbol = _read(parser, source)
        tree = _convert(symbol, max_depth)
        if any(sign in source for sign in _SIGNS_OF_STEPS):
            _check_steps(parser, symbol)
    except RecursionError:
        raise ExpressionSyntaxError(too_deep(source)) from None
    except JException as error:
        raise ExpressionSyntaxError(explain(error, source)) from None
    except ExpressionSyntaxError:
        raise
    except Exception:  # the library fails in many ways on text that ends too early
        raise ExpressionSyntaxError(explain(_broken_off(parser, source), source)) from None
    return tree


def _parser() -> Any:
    """This thread's parser: to make one costs ten times as much as a parse."""
    parser = getattr(_parsers, "parser", None)
    if parser is None:
        parser = _parsers.parser = Parser()
    return parser


def _read(parser: Any, source: str) -> Any:
    parser.source = source
    # A comment at the very end makes the library read past it.
    parser.lexer = Tokenizer(source + "\n")
    parser.ancestry, parser.ancestor_label, parser.ancestor_index = [], 0, 0
    parser.advance()
    symbol = parser.expression(0)
    if parser.node.id != "(end)":
        raise JException("S0201", parser.node.position, parser.node.value)
    return symbol


def _broken_off(parser: Any, source: str) -> JException:
    """What the library should have raised where it stumbled over the end of the text."""
    if source.rfind("/*") > source.rfind("*/"):
        return JException("S0106", source.rfind("/*") + 1)
    at = min(parser.lexer.position, len(source))
    return JException("S0201", at, source[at - 1 : at])


_SIGNS_OF_STEPS: Final = "@%{^"
"""What the library's second pass may still refuse; it takes half as long again as the first."""


def _check_steps(parser: Any, symbol: Any) -> None:
    """The library's second pass, for its checks only: it takes the tree apart."""
    processed = parser.process_ast(symbol)
    if processed.type == "parent" or processed.seeking_parent is not None:
        raise JException("S0217", processed.position, processed.type)


_SIMPLE: Final[dict[str, Kind]] = {
    "string": "literal",
    "number": "literal",
    "value": "literal",
    "name": "name",
    "wildcard": "wildcard",
    "descendant": "descendant",
    "parent": "parent",
}

_PATHS: Final[dict[str, Kind]] = {
    ".": "path",
    "[": "filter",
    "@": "focus",
    "#": "index",
    ":=": "bind",
    "~>": "apply",
    "..": "range",
}


def _convert(symbol: Any, depth: int) -> SyntaxNode:
    if depth == 0:
        raise RecursionError
    end = symbol.position
    kind = symbol.type
    value = symbol.value
    if kind == "variable":
        return SyntaxNode("variable", end - len(value) - 1, end, value, (), symbol.keep_array)
    if kind in _SIMPLE:
        start = end - len(value) if kind == "name" else max(end - 1, 0)
        return SyntaxNode(_SIMPLE[kind], start, end, value, (), symbol.keep_array)
    if kind == "regex":
        return SyntaxNode("regex", max(end - 1, 0), end)
    if kind == "operator":
        return _terminal_operator(symbol)
    return _compound(symbol, depth - 1)


def _terminal_operator(symbol: Any) -> SyntaxNode:
    end, value = symbol.position, str(symbol.value)
    if value == "?":
        return SyntaxNode("placeholder", end - 1, end)
    if value in {"and", "or", "in"}:
        return SyntaxNode("name", end - len(value), end, value, (), symbol.keep_array)
    raise JException("S0201", end, value)


def _compound(symbol: Any, depth: int) -> SyntaxNode:
    kind, value = _kind(symbol)
    end = symbol.position
    parts = tuple(_convert(part, depth) for part in _parts(symbol))
    if kind == "path":
        _check_literals(parts)
    start = end - len(str(symbol.value)) if end else 0
    return SyntaxNode(kind, start, end, value, parts, symbol.keep_array)


def _check_literals(steps: tuple[SyntaxNode, ...]) -> None:
    for step in steps:
        if step.kind == "literal" and not isinstance(step.value, str):
            raise JException("S0213", step.end, step.value)


def _kind(symbol: Any) -> tuple[Kind, str | None]:
    operator = str(symbol.value)
    match symbol.type:
        case "binary":
            special: Kind | None = "group" if operator == "{" else "sort" if operator == "^" else None
            special = special or _PATHS.get(operator)
            return (special, None) if special else ("operator", operator)
        case "unary":
            prefix: dict[str, Kind] = {"[": "array", "{": "object", "-": "negate"}
            return prefix[operator], None
        case "function":
            return "call", None
        case "block" | "partial" | "lambda" | "transform" as same:
            return same, None
        case "condition":
            return "condition", operator
    raise JException("S0207" if symbol.id == "(end)" else "S0206", symbol.position, symbol.value)


def _parts(symbol: Any) -> list[Any]:
    """The parts of a construct in the order of the text."""
    operator = symbol.value
    match symbol.type:
        case "binary" if operator == "{":
            parts = [symbol.lhs, *(part for pair in symbol.rhs_object for part in pair)]
        case "binary" if operator == "^":
            parts = [symbol.lhs, *(term.expression for term in symbol.rhs_terms)]
        case "binary":
            parts = [symbol.lhs, symbol.rhs]
        case "unary" if operator == "{":
            parts = [part for pair in symbol.lhs_object for part in pair]
        case "unary" if operator == "-":
            parts = [symbol.expression]
        case "unary" | "block":
            parts = symbol.expressions
        case "function" | "partial":
            parts = [symbol.procedure, *symbol.arguments]
        case "lambda":
            parts = [*symbol.arguments, symbol.body]
        case "transform":
            parts = [symbol.pattern, symbol.update, symbol.delete]
        case _:
            # The library writes the operand of `?:` and `??` twice.
            parts = [symbol.condition if operator == "?" else None, symbol.then, symbol._else]
    return [part for part in parts if part is not None]
