"""Expressions that cannot fail, and those that always have a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from translator.expressions.certainty import may_fail, may_yield_nothing
from translator.expressions.evaluator import NOTHING, EvaluationError, compile_expression
from translator.expressions.syntax import parse_expression


@pytest.mark.parametrize(
    ("source", "fails"),
    [
        ("$a", False),
        ("$a.b[c = 1].d", False),
        ("{'x': $a, 'y': [$b.c, 1]}", False),
        ("$a = 1 and $b != 'x' or $c in [1, 2]", False),
        ("$exists($a.b) ? $string($a) : null", False),
        ("'total ' & $a.total", False),
        ("($x := $a; $x.y)", False),
        ("$a < 1", True),
        ("$a + 1", True),
        ("-$a", True),
        ("$sum($a)", True),
        ("$not()", True),
        ("{$a: 1}", True),
        ("{'x': 1, 'x': 2}", True),
        ("[1..$a]", True),
        ("$a ~> $string", True),
        ("($string := 1; $string($a))", True),
        ("$a^(b)", True),
        ("$a +", True),
        ("$a ?? 1", True),
        ("($value__ := ($x.a); $exists($value__) ? $value__ : null)", False),
        ("($value__ := ($number($x.a)); $exists($value__) ? $value__ : null)", True),
    ],
)
def test_only_what_cannot_fail_on_any_value_counts_as_safe(source: str, fails: bool) -> None:
    assert may_fail(parse_expression(source)) is fails


@pytest.mark.parametrize(
    ("source", "nothing"),
    [
        ("$a", False),
        ("$a.b", True),
        ("$a[0]", True),
        ("1", False),
        ("{'x': $a.b}", False),
        ("[$a.b]", False),
        ("$a.b = 1", False),
        ("'x' & $a.b", False),
        ("$exists($a.b)", False),
        ("$not($a.b)", True),
        ("$a + 1", True),
        ("$a ? 1", True),
        ("$a ? 1 : 2", False),
        ("$a ? 1 : $a.b", True),
        ("($x := $a.b; $x)", True),
        ("($x := $a.b; 1)", False),
        ("()", True),
    ],
)
def test_only_what_always_has_a_value_counts_as_certain(source: str, nothing: bool) -> None:
    assert may_yield_nothing(parse_expression(source)) is nothing


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(st.data())
def test_an_expression_that_counts_as_safe_and_certain_gives_a_value(
    expressions: st.SearchStrategy[str], bindings: st.SearchStrategy[Mapping[str, Any]], data: st.DataObject
) -> None:
    source, values = data.draw(expressions), {**data.draw(bindings), "x": None, "y": None}
    tree = parse_expression(source)
    safe, certain = not may_fail(tree), not may_yield_nothing(tree)
    assume(safe or certain)
    try:
        value = compile_expression(source).evaluate(values)
    except EvaluationError:
        assert not safe
    else:
        assert value is not NOTHING or not certain
