"""Expressions as Step Functions evaluates them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from translator.expressions.evaluator import (
    NOTHING,
    Ambient,
    EvaluationError,
    ExpressionSyntaxError,
    compile_expression,
)

AMBIENT = Ambient(1_700_000_000_123, random.Random(3))


def _value(source: str, **variables: Any) -> Any:
    return compile_expression(source, as_service=True).evaluate(variables, AMBIENT)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$partition([1,2,3], 2)", [[1, 2], [3]]),
        ("$range(0, 6, 3)", [0, 3, 6]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$range(1, 9, 9)", 1),
        ("$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("$parse('{\"a\": [1.5]}').a", [1.5]),
        ("$random(4) = $random(4)", True),
        ("$millis()", 1_700_000_000_123),
        ("$now('[Y0001]')", "2023"),
        ("$count([1..3].$uuid())", 3),
        ("10 / 4", 2.5),
        ("10 / 5", 2),
        ("$x.missing", NOTHING),
        ("$x.there", None),
        ("$exists($nobody)", False),
        ("$map([1, 2], function($v) { $v + $x.n })", [4, 5]),
        ("$x.list#$i.{'at': $i, 'is': $}", [{"at": 0, "is": 5}, {"at": 1, "is": 6}]),
        ("$x.list@$v.($v + $x.n)", [8, 9]),
        ("$match('ab/c[/]x', /B\\/c[[\\/]./i).match", "b/c[/"),
        ("$replace('abc', /b/, function($m) { $m.start & $m.match })", "a1bc"),
        ("8 / 4 / 2", 1),
        ("1 / 0", "Infinity"),
        ("-1 / 0", "-Infinity"),
        ("1e308 * 10", "Infinity"),
        ("[1 / 0]", ["Infinity"]),
        ("{'k': 1 / 0}", {"k": "Infinity"}),
        ("$count([1..873782])", 873_782),
        ("$count($range(1, 360145, 1))", 360_145),
        (" + ".join(["1"] * 100), 100),
        ("(" * 99 + "1" + ")" * 99, 1),
        ("$partition([1, 2, 3], 2.9)", [[1, 2], [3]]),
        ("$partition([1], 0)", NOTHING),
        ("$partition([], 2)", NOTHING),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(1, 2)", NOTHING),
        ("$range(3, 1, 1)", NOTHING),
        ("$hash('a')", NOTHING),
    ],
)
def test_an_expression_gives_what_the_service_gives(source: str, value: Any) -> None:
    assert _value(source, x={"there": None, "n": 3, "list": [5, 6]}) == value


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("'a' + 1", "T2001"),
        ("0 / 0", "D1001"),
        ("1 / (1e300 * 1e100)", "D1001"),
        ("$sum", ""),
        ("{'a': /b/}", ""),
        ("$nobody(1)", "T1006"),
        ("$parse('{')", "D3137"),
        ("$hash('a', 'CRC')", "D3137"),
        ("$partition([1], -1)", "D3137"),
        ("$count([1..873783])", ""),
        ("$sum([1..900000])", ""),
        ("$count($range(1, 360146, 1))", ""),
        (" + ".join(["1"] * 101), ""),
        ("(" * 100 + "1" + ")" * 100, ""),
    ],
)
def test_an_expression_without_a_json_value_is_an_error(source: str, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        _value(source)
    assert caught.value.code == code


@pytest.mark.parametrize("source", ["1 +", "$eval('1')", "$a ?? 1", "$a ?: 1", "$map([1], $eval)"])
def test_what_the_service_does_not_know_does_not_compile(source: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_expression(source)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("'a' + 1", 'The left side of the "+" operator must evaluate to a number'),
        ("$abs('x')", 'Argument 1 of function "abs" does not match function signature'),
        ("$sum(['a'])", 'Argument 1 of function "sum" must be an array of "numbers"'),
        ("$nobody(1)", "Attempted to invoke a non-function"),
        ("$parse(1)", 'Argument 1 of function "parse" does not match function signature'),
        (
            "[1..900000] ~> $count()",
            "Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
    ],
)
def test_an_error_has_the_words_of_jsonata(source: str, message: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        _value(source)
    assert caught.value.message == message


def test_a_variable_hides_the_function_of_its_name() -> None:
    with pytest.raises(EvaluationError) as caught:
        _value("$sum([1, 2])", sum=3)
    assert caught.value.code == "T1006"


def test_the_time_and_randomness_come_from_outside_or_not_at_all() -> None:
    with pytest.raises(EvaluationError):
        compile_expression("$now()").evaluate({})
    assert [_value("$random()") for _ in range(2)] != [_value("$random()") for _ in range(2)]


def test_an_endless_expression_is_stopped() -> None:
    with pytest.raises(EvaluationError):
        _value("( $f := function($n) { $f($n + 1) }; $f(0) )")


def test_a_regular_expression_that_backtracks_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.expressions.evaluator.TIMEOUT_SECONDS", 0.1)
    with pytest.raises(EvaluationError) as caught:
        _value(f"$contains('{'a' * 40}!', /^(a|aa)+$/)")
    assert caught.value.code == "U1001"


def test_a_regular_expression_that_is_none_is_refused_before_it_runs() -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_expression("$contains($x, /(/)")
