"""Evaluate a JSONata expression as Step Functions does."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

import jsonata2py
from jsonata2py.parser.ast_nodes import (
    ArrayConstructor,
    AstNode,
    BinaryOp,
    BooleanLiteral,
    CoalesceExpr,
    ConditionalExpr,
    ContextBinding,
    ElvisExpr,
    FieldRef,
    FunctionCall,
    NullLiteral,
    NumberLiteral,
    ObjectConstructor,
    Parenthesized,
    PartialApplication,
    PathExpr,
    PositionBinding,
    StringLiteral,
    UnaryMinus,
    VariableRef,
)
from jsonata2py.parser.parser import Parser

from translator.expressions.bounded_functions import bound_functions
from translator.expressions.bounded_regex import bound, lift
from translator.expressions.depth import MOST_NESTED, evaluated_depth
from translator.expressions.limits import TIMEOUT_SECONDS, WALL_MILLISECONDS, WATCH
from translator.expressions.message import service_message
from translator.expressions.parsing import ExpressionSyntaxError as UnreadableError
from translator.expressions.parsing import parse
from translator.expressions.result import NotJsonError, to_json
from translator.expressions.service_functions import (
    AMBIENT_PRELUDES,
    FUNCTIONS,
    OF_SERVICE,
    ambient_functions,
)
from translator.expressions.watch import OverrunError
from translator.json_value import JsonValue

_SHADOW: Final = "steploom_shadow_"
_BINDINGS: Final = (ContextBinding, PositionBinding)
_BOUNDED: Final = frozenset(
    {
        *(StringLiteral, NumberLiteral, BooleanLiteral, NullLiteral, VariableRef, FieldRef, PathExpr),
        *(BinaryOp, UnaryMinus, ConditionalExpr, ArrayConstructor, ObjectConstructor, Parenthesized),
    }
)
"""What alone can neither repeat anything nor make more than a little of what there is: nobody need watch."""
_LONGEST_PATH: Final = 200
"""The library compiles none that is longer, and takes a minute to find that out of a very long one."""
_SHORTEST_DEEP: Final = 2 * MOST_NESTED - 2
"""Characters: nothing shorter can nest too deeply."""
_DEEPEST: Final = 250
_OVERFLOW: Final = (
    "Stack overflow error: Check for non-terminating recursive function. "
    "Consider rewriting as tail-recursive."
)
"""The service's words (measured: https://github.com/floci-io/floci/issues/2737)."""
_NEWER_OPERATORS: Final = {ElvisExpr: "?:", CoalesceExpr: "??"}


class Nothing(Enum):
    """What an expression without a result yields: JSONata's undefined, which is not null."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


class ExpressionSyntaxError(ValueError):
    """The text is no expression that Step Functions accepts; `code` is JSONata's, or `Steploom` for ours."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EvaluationError(Exception):
    """The expression failed on these values; `code` is JSONata's own, such as T2001."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Ambient:
    """The clock and the randomness that `$now`, `$millis`, `$random` and `$uuid` see."""

    milliseconds: int
    generator: random.Random


class _Bindings:
    """The names in scope, in the shape that jsonata2py asks for, without copying them."""

    __slots__ = ("_functions", "_values")

    def __init__(self, values: Mapping[str, Any], functions: Mapping[str, Any]) -> None:
        self._values = values
        self._functions = functions

    def is_empty(self) -> bool:
        return False

    def get_value(self, name: str) -> Any:
        return self._values.get(name, jsonata2py.MISSING)

    def get_function(self, name: str) -> Any:
        return self._functions.get(name)

    def get_values(self) -> dict[str, Any]:
        return dict(self._values)

    def get_functions(self) -> dict[str, Any]:
        return dict(self._functions)


class CompiledExpression:
    """One expression, ready to be evaluated any number of times and from any thread."""

    __slots__ = (
        "_ambient",
        "_called",
        "_compiled",
        "_input",
        "_patterns",
        "_text",
        "_watched",
        "as_service",
        "deep",
        "source",
    )

    def __init__(self, source: str, *, as_service: bool = False) -> None:
        """`as_service` also ends what Step Functions ends for its depth or memory, and JSONata does not."""
        nodes = _parse(source)
        self.source = source
        self.as_service = as_service
        self.deep = as_service and len(source) > _SHORTEST_DEEP and _depth(source) > MOST_NESTED
        self._called = frozenset(_called_names(nodes))
        self._ambient = bool(self._called & AMBIENT_PRELUDES.keys())
        # The library binds positions and context (`#$i`, `@$v`) only where there is an input.
        self._watched = not all(type(node) in _BOUNDED for node in nodes)
        self._input: Any = {} if any(isinstance(node, _BINDINGS) for node in nodes) else jsonata2py.MISSING
        try:
            self._text, self._patterns = lift(source)
        except Exception as error:
            raise ExpressionSyntaxError("S0302", f"The regular expression is not valid: {error}") from error
        self._compiled = _compile(self._text, self._called, as_service)

    def evaluate(
        self,
        variables: Mapping[str, JsonValue],
        ambient: Ambient | None = None,
        document: JsonValue | Nothing = NOTHING,
    ) -> JsonValue | Nothing:
        """The value on `variables` (names without `$`), or NOTHING.

        `document` is what `$` is outside of every path: the service gives its expressions none.

        Raises EvaluationError: a JSONata error, a result that is no JSON, or more than five seconds of work
        (looked at between steps and inside of a regular expression; one built-in function is one step).
        """
        if self.deep:
            raise EvaluationError("", _OVERFLOW)
        functions = OF_SERVICE if self.as_service else FUNCTIONS
        compiled = self._compiled
        if self._ambient:
            functions = {**functions, **_ambient_functions(ambient)}
        if self._called and not self._called.isdisjoint(variables):
            compiled, variables = self._shadowed(variables)
        if self._patterns:
            variables = {**variables, **bound(self._patterns, TIMEOUT_SECONDS)}  # type: ignore[dict-item]
        given = self._input if document is NOTHING else document
        bindings = _Bindings(variables, functions)
        if not self._watched:
            return self._evaluate(compiled, given, bindings)
        try:
            return WATCH.run(self._evaluate, compiled, given, bindings)
        except OverrunError as error:
            raise EvaluationError("U1001", str(error)) from error

    def _evaluate(self, compiled: Any, given: Any, bindings: _Bindings) -> JsonValue | Nothing:
        try:
            result = compiled.evaluate(given, bindings)
        except jsonata2py.JsonataEvaluationError as error:
            code = error.error_code or ""
            raise EvaluationError(code, service_message(code, error.message, self._called)) from error
        kind = type(result)
        if kind is str or kind is int or kind is bool or result is None:
            return result  # type: ignore[no-any-return]
        if result is jsonata2py.MISSING:
            return NOTHING
        try:
            return to_json(result)
        except NotJsonError as error:
            raise EvaluationError(error.code, error.message) from error
        except RecursionError as error:
            raise EvaluationError("U1001", "The result is nested too deeply.") from error

    def _shadowed(self, variables: Mapping[str, JsonValue]) -> tuple[Any, Mapping[str, JsonValue]]:
        # A variable hides the function of its name, which the library binds when it compiles.
        names = tuple(sorted(self._called & variables.keys()))
        return _compile_shadowed(self._text, names, self.as_service), {
            **variables,
            **{f"{_SHADOW}{name}": variables[name] for name in names},
        }


@lru_cache(maxsize=4096)
def compile_expression(source: str, *, as_service: bool = False) -> CompiledExpression:
    """Compile the text between `{%` and `%}`; raises ExpressionSyntaxError."""
    try:
        return WATCH.run(lambda: CompiledExpression(source.strip(), as_service=as_service))
    except OverrunError as error:
        raise ExpressionSyntaxError("Steploom", "The expression is too large.") from error


def _parse(source: str) -> tuple[AstNode, ...]:
    try:
        root = Parser.parse(source)
    except jsonata2py.ParseError as error:
        raise ExpressionSyntaxError(error.error_code or "", error.message) from error
    except RecursionError as error:
        raise _too_deep() from error
    try:
        nodes = tuple(_walk(root))
    except RecursionError as error:
        raise _too_deep() from error
    for node in nodes:
        if isinstance(node, PathExpr) and len(node.steps) > _LONGEST_PATH:
            raise _too_deep()
        operator = _NEWER_OPERATORS.get(type(node))
        if operator is not None:
            raise ExpressionSyntaxError(
                "Steploom",
                f"The operator '{operator}' is not part of JSONata 2.0.6, which Step Functions has.",
            )
        if _name_of(node) == "eval":
            raise ExpressionSyntaxError("Steploom", "Step Functions has no function '$eval'.")
    return nodes


def _depth(source: str) -> int:
    try:
        return evaluated_depth(parse(source, _DEEPEST))
    except UnreadableError:
        return _DEEPEST


def _too_deep() -> ExpressionSyntaxError:
    return ExpressionSyntaxError("Steploom", "The expression is nested too deeply.")


def _walk(node: object) -> Iterator[AstNode]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _walk(item)
        return
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return
    if isinstance(node, AstNode):
        yield node
    for field in dataclasses.fields(node):
        yield from _walk(getattr(node, field.name))


def _name_of(node: AstNode) -> str | None:
    return node.name if isinstance(node, FunctionCall | PartialApplication | VariableRef) else None


def _called_names(nodes: tuple[AstNode, ...]) -> Iterator[str]:
    """Names that may stand for a function: called, applied in part, or passed by name."""
    for node in nodes:
        name = _name_of(node)
        if name is not None and (not isinstance(node, VariableRef) or name in AMBIENT_PRELUDES):
            yield name


def _compile(source: str, called: frozenset[str], as_service: bool) -> jsonata2py.CompiledExpression:
    preludes = "".join(AMBIENT_PRELUDES[name] for name in sorted(called & AMBIENT_PRELUDES.keys()))
    return _compile_text(f"({preludes}{source})" if preludes else source, as_service)


@lru_cache(maxsize=256)
def _compile_shadowed(source: str, names: tuple[str, ...], as_service: bool) -> jsonata2py.CompiledExpression:
    preludes = "".join(f"${name} := ${_SHADOW}{name}; " for name in names)
    return _compile_text(f"({preludes}({source}))", as_service)


def _compile_text(text: str, as_service: bool) -> jsonata2py.CompiledExpression:
    try:
        compiled = jsonata2py.compile(text)
    except jsonata2py.JsonataCompilationError as error:
        raise ExpressionSyntaxError(error.error_code or "", error.message) from error
    except RecursionError as error:
        raise _too_deep() from error
    bound_functions(compiled, as_service=as_service)
    compiled.set_timeout(WALL_MILLISECONDS)
    return compiled


def _ambient_functions(ambient: Ambient | None) -> Mapping[str, Any]:
    if ambient is None:
        raise EvaluationError("", "The expression asks for the time or for randomness, and none was given.")
    return ambient_functions(ambient.milliseconds, ambient.generator)
