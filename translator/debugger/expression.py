"""Expressions that are asked at a point, in the definition's own language."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from translator.debugger.errors import ExpressionError, UnknownNameError, meant
from translator.debugger.program import Program
from translator.debugger.values import SPECIAL
from translator.expressions.evaluator import (
    NOTHING,
    Ambient,
    EvaluationError,
    ExpressionSyntaxError,
    Nothing,
    compile_expression,
)
from translator.expressions.rewrite import rewrite
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.node_type import inner, is_expression

_ERROR: Final = "error__caught"


@dataclass(frozen=True, slots=True)
class Question:
    """One expression, checked; `source` is what its author wrote, without the marks."""

    source: str
    names: frozenset[str]

    def ask(
        self, values: Mapping[str, JsonValue], now: float, inside: Mapping[str, str]
    ) -> JsonValue | Nothing:
        """Its value; raises ExpressionError.

        `inside` has by name that is not among `values` the body that it is hidden in. `$random` and `$uuid`
        give something of their own, so that asking changes nothing of the run.
        """
        for name in sorted(self.names - values.keys()):
            body = inside.get(name)
            where = f'it is inside "{body}"' if body else "there is no iteration here"
            raise ExpressionError(
                f'"${name}" cannot be read at this point: {where}', "step to where it can be read"
            )
        null_checked = values.keys() - set(SPECIAL)
        source = rewrite(self.source, {"error": f"${_ERROR}"}, null_checked=null_checked)
        known = {_ERROR if name == "error" else name: value for name, value in values.items()}
        ambient = Ambient(round(now * 1000), random.Random(now))  # noqa: S311 (no secrets)
        try:
            return compile_expression(source, as_service=True).evaluate(known, ambient)
        except EvaluationError as error:
            raise ExpressionError(
                f"the expression fails here: {error}", "print its parts one by one to see which one"
            ) from error

    def is_true(self, values: Mapping[str, JsonValue], now: float, inside: Mapping[str, str]) -> bool:
        """Whether it counts as true, as a condition of the definition does; raises ExpressionError."""
        found = self.ask(values, now, inside)
        return found is not NOTHING and _is_truthy(found)


def question(text: str, program: Program) -> Question:
    """An expression with or without its marks; raises ExpressionError, UnknownNameError."""
    source = inner(text) if is_expression(text) else text.strip()
    if not source:
        raise ExpressionError("there is no expression", "write one, such as $charge.body.id")
    tree = parse_expression(source)
    for problem in tree.problems:
        place = f"at character {problem.start + 1} of {source!r}"
        raise ExpressionError(f"{problem.message}, {place}", problem.hint)
    known = {*program.nodes, *program.variables, *SPECIAL}
    for reference in tree.references:
        if reference.name not in known:
            raise _unknown(reference.name, known)
    try:
        compile_expression(source)
    except ExpressionSyntaxError as error:
        raise ExpressionError(error.message, "see docs/semantics.md for what expressions may hold") from error
    return Question(source, tree.free_names)


def _unknown(name: str, known: set[str]) -> UnknownNameError:
    if name in {"nodes", "node", "variables", "vars"}:
        return UnknownNameError(
            f'"${name}" is no name of the language', "a node's output is its id and `$` before it: $charge"
        )
    return UnknownNameError(f'there is no node or variable "{name}"', meant(name, sorted(known)))


def _is_truthy(value: JsonValue) -> bool:
    """As JSONata's `$boolean` has it."""
    if isinstance(value, list):
        return any(_is_truthy(each) for each in value)
    return bool(value)
