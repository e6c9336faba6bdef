"""What is fixed in an expression is worked out, and what it gives stays the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.expressions.evaluator import CompiledExpression, EvaluationError, Nothing
from translator.expressions.folding import folded
from translator.json_value import JsonValue


@pytest.mark.parametrize(
    ("source", "shorter"),
    [
        ("((null) != null)", "false"),
        ("(null) = null", "true"),
        ("((null) != null) ? 'sent' : $status", "$status"),
        ("(false) ? 1 : ((null) != null) ? 2 : 3", "3"),
        ("$a ? (true) ? 1 : 2 : 3", "$a ? 1 : 3"),
        ('{"a": (null).b.c, "d": 1}', '{"d": 1}'),
        ('{"a": 1, "d": (null).b}', '{"a": 1}'),
        ('{"a": (null).b}', "{}"),
        ('("x") & $b', '"x" & $b'),
        ("$a + (100)", "$a + 100"),
        ('(($f := (null)); "null != null")', '(($f := null); "null != null")'),
    ],
)
def test_what_is_fixed_is_worked_out(source: str, shorter: str) -> None:
    assert folded(source) == shorter


@pytest.mark.parametrize(
    "source",
    [
        "(null).a",
        '("a").b',
        "(null)[0]",
        "$a.(true)",
        "$f(null)",
        "$x = null",
        "$a or true ? 1 : 2",
        "false ? 1",
        "$match((null), /(null)/)",
        "`(null)` != (null)",
        "$f(?, (null))",
        "null.a & 'b'",
    ],
)
def test_what_it_does_not_know_stays_as_it_is(source: str) -> None:
    assert folded(source) == source


LEAVES = st.sampled_from(
    ["(null)", "(true)", "(false)", "null", "true", "$a", "$b.c", '"x"', "('y')", "(7)", "(null).c", "$a.c"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    threes = st.tuples(inner, inner, inner)
    signs = st.sampled_from(["=", "!=", "and", "or", "&", "in"])
    return st.one_of(
        st.builds(lambda two, sign: f"{two[0]} {sign} {two[1]}", pairs, signs),
        threes.map(lambda all_of: f"{all_of[0]} ? {all_of[1]} : {all_of[2]}"),
        pairs.map(lambda two: f"{two[0]} ? {two[1]}"),
        pairs.map(lambda two: f'{{"k": {two[0]}, "l": {two[1]}}}'),
        pairs.map(lambda two: f"[{two[0]}, {two[1]}]"),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"$exists({one})"),
        inner.map(lambda one: f"$boolean({one}) = true"),
        pairs.map(lambda two: f"($v := {two[0]}; [{two[1]}, $v])"),
        inner.map(lambda one: f"({one}).c"),
    )


def outcome(source: str, variables: dict[str, JsonValue]) -> JsonValue | Nothing | type[EvaluationError]:
    try:
        return CompiledExpression(source).evaluate(variables)
    except EvaluationError:
        return EvaluationError


@given(
    source=st.recursive(LEAVES, grown, max_leaves=12),
    a=st.sampled_from([None, 1, {"c": 2}, [{"c": 1}, {"c": 2}]]),
)
def test_it_gives_the_same_as_before(source: str, a: JsonValue) -> None:
    variables: dict[str, JsonValue] = {"a": a, "b": {"c": True}}
    assert outcome(folded(source), variables) == outcome(source, variables)
    assert folded(folded(source)) == folded(source)
