"""What is inferred holds for every value that fits, and what is said to fail always does."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest

from tests.shapes.membership import holds
from tests.shapes.sampling import NAMES, Sampler
from translator.expressions.evaluator import (
    NOTHING,
    Ambient,
    EvaluationError,
    ExpressionSyntaxError,
    compile_expression,
)
from translator.expressions.node import SyntaxNode
from translator.expressions.syntax import parse_expression
from translator.shapes import kinds
from translator.shapes.expression import infer
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.shape import ANYTHING

CASES: Final = int(os.environ.get("STEPLOOM_CASES", "1000"))
FIRST: Final = int(os.environ.get("STEPLOOM_FIRST_CASE", "0"))
VALUES: Final = 4
"""So many values are tried for each expression."""

QUIRKS: Final = re.compile(r"-\(.*-\(|-\(.*~> \$lookup|~> \$\w+(?![\w(])|\$\$")
"""What the evaluator does otherwise than JSONata's reference: `--x` is x, an argument that is not needed is
not evaluated, a function that is only named behind `~>` does not check its argument, `$$` is null where there
is no input."""


def is_comparable(source: str) -> bool:
    """Whether the evaluator takes the expression as JSONata's reference does."""
    tree = parse_expression(source)
    if tree.root is None or tree.problems or len(tree.late) > 1 or QUIRKS.search(source):
        return False
    # In a function's body its `$` is what the function is called on, not what the body stands in.
    return not any(reads_context(node.children[-1]) for node in tree.root.walk() if node.kind == "lambda")


def reads_context(node: SyntaxNode) -> bool:
    is_dollar = node.kind == "variable" and not node.value
    if is_dollar or node.kind in {"name", "wildcard", "descendant", "parent"}:
        return True
    makes_context = node.kind in {"path", "filter", "group", "sort", "focus", "index"}
    return any(reads_context(child) for child in (node.children[:1] if makes_context else node.children))


@dataclass(frozen=True)
class Outcome:
    """How one evaluation went: with a value, nothing, or (`failed`) an error."""

    value: Any = None
    is_nothing: bool = False
    failed: bool = False


def evaluated(source: str, values: dict[str, Any]) -> Outcome:
    try:
        value = compile_expression(source).evaluate(values, Ambient(0, Random(0)))
    except EvaluationError:
        return Outcome(failed=True)
    return Outcome(None, is_nothing=True) if value is NOTHING else Outcome(value)


def wrong(seed: int) -> str | None:
    """What is inferred wrongly for the expression of a seed, None if nothing is."""
    sampler = Sampler(Random(seed))
    schemas = {name: sampler.schema() for name in NAMES}
    source = sampler.expression(sampler.random.randint(1, 9))
    if not is_comparable(source):
        return None
    known = {name: shape_of_schema(schema) for name, (schema, _) in schemas.items()}
    inferred = infer(source, lambda name: known.get(name, ANYTHING))
    always_fails = [finding for finding in inferred.findings if finding.always_fails]
    for _ in range(VALUES):
        values = {name: value() for name, (_, value) in schemas.items()}
        try:
            outcome = evaluated(source, values)
        except (ExpressionSyntaxError, RecursionError):
            return None
        if outcome.failed:
            continue
        if always_fails:
            return f"{source}   on {values} is {outcome.value}, but: {always_fails[0].message}"
        is_held = (
            inferred.shape.may_be(kinds.NOTHING)
            if outcome.is_nothing
            else holds(inferred.shape, outcome.value)
        )
        if not is_held:
            return f"{source}   on {values} is {outcome}, but inferred is {inferred.shape}"
    return None


def test_a_value_that_fits_a_schema_is_held_by_its_shape() -> None:
    for seed in range(FIRST, FIRST + CASES):
        schema, value = Sampler(Random(seed)).schema(8)
        assert holds(shape_of_schema(schema), value()), schema


@pytest.mark.slow
def test_what_an_expression_gives_is_held_by_the_inferred_shape_and_what_always_fails_does() -> None:
    found = [problem for seed in range(FIRST, FIRST + CASES) if (problem := wrong(seed))]
    assert not found, f"{len(found)} of {CASES}, the shortest: {min(found, key=len)}"
