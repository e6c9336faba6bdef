"""What would take gigabytes in one step of an expression is refused before it is made."""

from __future__ import annotations

import time

import pytest

from translator.expressions.evaluator import EvaluationError, compile_expression

_DOUBLED = "($f := function($a, $n){{$n = 0 ? $a : $f({}, $n - 1)}}; {})"


def doubled(step: str, result: str) -> str:
    """An expression that makes of `$a` twice as much, sixty times, and then `result` of it."""
    return _DOUBLED.format(step, result)


@pytest.mark.parametrize(
    "source",
    [
        doubled("$a & $a", "$length($f('ab', 60))"),
        doubled("$join([$a, $a], ',')", "$length($f('ab', 60))"),
        doubled("[$a, $a]", "$count($f(1, 60))"),
        doubled("$append($a, $a)", "$count($f([1, 2], 60))"),
        doubled("{'a': $a, 'b': $a}", "$length($string($f(1, 60)))"),
        doubled("{'a': $a, 'b': $a}", "$length('' & $f(1, 60))"),
        doubled("{'a': $a, 'b': $a}", "$hash($f(1, 60), 'MD5')"),
        doubled("{'a': $a, 'b': $a}", "$f(1, 60)"),
        doubled("[[$a], [$a]]", "$f(1, 60)"),
        "$pad('x', 50000000)",
        "$pad('x', -50000000)",
        "($p := $pad; $p('x', 50000000))",
        "$map([50000000], function($n){$pad('x', $n)})",
        "($s := $pad('', 100000, 'x'); $replace($s, /x/, function($m){$s}))",
        "($s := $pad('', 100000, 'x'); $replace($s, /(x+)/, $pad('', 2000, '$1')))",
        "($s := $pad('', 100000, 'x'); $join([1..1000].('a'), $s))",
        "($s := $pad('', 100000, 'x'); [1..1000].($s))",
        "[[1..9999999], [1..9999999]]",
        "$fromMillis(0, '[f0001,2000000000-2000000000]')",
        "$toMillis('1', '[Y,2000000000-2000000000]')",
    ],
)
def test_what_makes_much_of_little_is_an_error_of_evaluation(source: str) -> None:
    began = time.monotonic()
    with pytest.raises(EvaluationError, match=r"takes too much|result has more") as caught:
        compile_expression(source).evaluate({})
    assert caught.value.code == "U1001"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$length($pad('', 1000000, 'x'))", 1_000_000),
        ("$fromMillis(0, '[Y000001]')", "001970"),
        ("$length($pad('', 1000000, 'x') & $pad('', 1000000, 'x'))", 2_000_000),
        ("$count([1..1000000])", 1_000_000),
        ("$length($join([1..1000].('abc'), '--'))", 4_998),
        ("$replace('abcabc', 'b', '$0$0')", "abbcabbc"),
        ("$replace('a.c', '.', '+')", "a+c"),
        ("$replace('abcabc', /(b)(c)/, '$2$1', 1)", "acbabc"),
        ("$replace('abc', /b/, function($m){$uppercase($m.match)})", "aBc"),
        ("$map(['a', 'b'], $pad(?, 3, '-'))", ["a--", "b--"]),
        ("($j := $join; $j(['a', 'b'], '-'))", "a-b"),
        ("['a', 'b'] ~> $join", "ab"),
        ("$reduce([1, 2, 3], $append)", [1, 2, 3]),
        ("{'a': [1, 2]} ~> $string", '{"a":[1,2]}'),
        ("$fromMillis(0, '[Y0001]-[M01]')", "1970-01"),
        ("[3..1]", []),
        ("[1.0..2]", [1, 2]),
    ],
)
def test_what_is_not_too_large_is_as_ever(source: str, value: object) -> None:
    assert compile_expression(source).evaluate({}) == value


def test_a_part_that_stands_in_a_result_many_times_is_written_each_time() -> None:
    found = compile_expression(doubled("{'a': $a, 'b': $a}", "$f(1.0, 10)")).evaluate({})
    leaf = found
    for _ in range(10):
        assert isinstance(leaf, dict)
        leaf = leaf["b"]
    assert leaf == 1
