"""References, functions and problems of an expression."""

from __future__ import annotations

import sys
import threading

import pytest

from translator.expressions.restrictions import MOST_WRITTEN
from translator.expressions.syntax import parse_expression


def _references(source: str) -> list[tuple[str, tuple[str, ...]]]:
    tree = parse_expression(source)
    assert tree.root is not None, tree.problems
    for reference in tree.references:
        assert source[reference.start : reference.end] == f"${reference.name}"
    return [(reference.name, reference.path) for reference in tree.references]


def _problems(source: str) -> list[tuple[str, str]]:
    return [(item.code, source[item.start : item.end]) for item in parse_expression(source).problems]


@pytest.mark.parametrize(
    ("source", "references"),
    [
        ("$order.total > $limit", [("order", ("total",)), ("limit", ())]),
        ("$order.items[price > 10].name", [("order", ("items", "name"))]),
        ("$order.items[0].`unit price`", [("order", ("items", "unit price"))]),
        ('$order."items".name', [("order", ("items", "name"))]),
        ("$order.items.(price * $rate)", [("order", ("items",)), ("rate", ())]),
        ("$order.*.name", [("order", ())]),
        ("$order.items^(>price)[0].name", [("order", ("items", "name"))]),
        ("$order.items{sku: $sum(price)}", [("order", ("items",))]),
        ("$order.and.or.in", [("order", ("and", "or", "in"))]),
        ("$order~>$f2", [("order", ()), ("f2", ())]),
        ("$order /* $limit */ .total", [("order", ("total",))]),
        ("'$limit' & $order.`$limit`", [("order", ("$limit",))]),
        ("$map($order.items, function($i){ $i.price * $rate })", [("order", ("items",)), ("rate", ())]),
        ("$x := $x + 1", [("x", ())]),
        ("$größe.länge", [("größe", ("länge",))]),
    ],
)
def test_free_variables_are_found_with_the_fields_read_through_them(
    source: str, references: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert _references(source) == references


@pytest.mark.parametrize(
    ("source", "free"),
    [
        ("($t := 1; $t)", []),
        ("($t := $t + 1; $t)", ["t"]),
        ("(($t := 1); $t)", ["t"]),
        ("function($t){ $t }($t)", ["t"]),
        ("($f := function($n){ $n = 0 ? 1 : $f($n - 1) }; $f(3))", []),
        ("($f := function(){ $late }; $late := 2; $f())", []),
        ("($a := $late; $late := 2; $a)", ["late"]),
        ("$o.items#$i.[$i, $]", ["o"]),
        ("$o.items@$v.parts[$v.id = id]", ["o"]),
        ("[$o.items#$i.$i, $i]", ["o", "i"]),
        ("$o.items#$i[$i < 2]{$string($i): name}", ["o"]),
        ("$o.(items#$i.($i)).$i", ["o", "i"]),
        ("$o.items@$v^($v.a).$v", ["o"]),
        ("$o ~> |items|{'t': $t}|", ["o", "t"]),
        ("$sort($o, function($l, $r){ $l.a > $r.a and $z })", ["o", "z"]),
        ("$filter($o, $f)", ["o", "f"]),
        ("function($x){ ($y := $x; $y) }($y)", ["y"]),
    ],
)
def test_what_an_expression_binds_itself_is_not_free(source: str, free: list[str]) -> None:
    assert [name for name, _ in _references(source)] == free


@pytest.mark.parametrize(
    ("source", "late"),
    [
        ("($f := function(){ $x }; $x := 1; $f())", ["$x"]),
        ("($x := $map([1], function($v){ $x }); $x)", ["$x"]),
        ("($f := function($n){ $f($n) }; 1)", []),
        ("($x := 1; $f := function(){ $x }; $f())", []),
        ("($f := function(){ ($x := 1; $x) }; $x := 2; $f())", []),
    ],
)
def test_a_name_that_a_function_may_see_bound_or_not_is_noted(source: str, late: list[str]) -> None:
    assert [source[use.start : use.end] for use in parse_expression(source).late] == late


def test_functions_are_told_from_values() -> None:
    tree = parse_expression("$map($order.items, $uppercase) ~> $join(', ')")
    assert [(use.name, use.called) for use in tree.functions] == [
        ("map", True),
        ("uppercase", False),
        ("join", True),
    ]


def test_exists_of_a_bare_reference_is_found_with_its_whole_call() -> None:
    source = (
        "$exists( $charge /* ) */ ) and $exists($charge.id) and $exists(($charge)) and $exists($charge[])"
    )
    [call] = parse_expression(source).exists_on_bare_reference
    assert (call.name, source[call.start : call.end]) == ("charge", "$exists( $charge /* ) */ )")


def test_exists_that_the_expression_defines_itself_is_left_alone() -> None:
    assert parse_expression("($exists := function($x){ 1 }; $exists($charge))").exists_on_bare_reference == ()


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("$eval('1')", [("WF253", "$eval")]),
        ("$map($x, $eval)", [("WF253", "$eval")]),
        ("$x ?? 1", [("WF254", "??")]),
        ("$x ?: 1", [("WF254", "?:")]),
        ("$", [("WF255", "$")]),
        ("$$.a + $x", [("WF255", "$$")]),
        ("function(){ $ }()", [("WF255", "$")]),
        ("$ ~> $sum", [("WF255", "$")]),
        ("$summ($x)", [("WF256", "$summ")]),
        ("sum($x)", [("WF256", "sum")]),
        ("order.total", [("WF258", "order")]),
        ("*.a", [("WF258", "*")]),
        ("($states := 1; $states)", [("WF259", "$states")]),
        ("$o.items#$a__b.$a__b", [("WF259", "$a__b")]),
        ("$x ?? ($y ?: $)", [("WF254", "??"), ("WF254", "?:"), ("WF255", "$")]),
    ],
)
def test_what_step_functions_refuses_is_found_where_it_stands(
    source: str, problems: list[tuple[str, str]]
) -> None:
    assert _problems(source) == problems


@pytest.mark.parametrize(
    "source",
    [
        "$x[$ > 1]",
        "$x.$",
        "$x.{'a': $}",
        "$x ~> |$|{'b': $$.c}|",
        "$x.items[price > 1]",
        "$x^($)",
        "$x{a: $}",
    ],
)
def test_a_context_is_known_inside_what_is_applied_to_a_value(source: str) -> None:
    assert _problems(source) == []


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("$x == 1", 4, "single ="),
        ("$x && $y", 4, "`and`"),
        ("$x || $y", 4, "`or`"),
        ("'abc", 3, "close it"),
        ("$x +", 3, "follow"),
        ("($x", 2, "bracket"),
        ("{'a': 1", 6, "bracket"),
        ("$x.1", 3, "backquotes"),
        ("/* x", 0, "close it with */"),
        ("'\\q'", 2, "escapes"),
        ("", 0, "follow"),
        ("/", 0, "close"),
        ("$x 1", 3, "check"),
    ],
)
def test_a_syntax_error_says_where_and_what_to_do(source: str, column: int, words: str) -> None:
    [problem] = parse_expression(source).problems
    assert problem.code == "WF252"
    assert abs(problem.start - column) <= 1
    assert words in problem.hint


@pytest.mark.parametrize("source", ["(" * 500 + "1" + ")" * 500, "-" * 300 + "1", " & ".join(["1"] * 500)])
def test_nesting_that_no_evaluator_can_be_trusted_with_is_refused(source: str) -> None:
    assert [problem.code for problem in parse_expression(source).problems] == ["WF257"]


def test_nesting_below_the_bound_is_read() -> None:
    depth = MOST_WRITTEN - 1
    assert parse_expression("(" * depth + "1" + ")" * depth).problems == ()


def test_a_comment_may_end_an_expression() -> None:
    assert _references("$x /* the x */") == [("x", ())]


def test_reading_expressions_leaves_the_recursion_limit_as_it_was() -> None:
    assert sys.getrecursionlimit() < 10_000


def test_expressions_are_read_from_several_threads_at_once() -> None:
    found: list[int] = []

    def read(number: int) -> None:
        found.extend(len(parse_expression(f"$a{number}.b + $c{index}").references) for index in range(50))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 200


@pytest.mark.parametrize("source", ["/a+/", "/a/ ~> $f", "$sum", "function($x) { $x }", "$substring(?, 1)"])
def test_an_expression_that_gives_a_function_is_a_problem(source: str) -> None:
    (problem,) = parse_expression(source).problems
    assert (problem.code, problem.start) == ("WF261", 0)


@pytest.mark.parametrize("source", ["$match($a, /a/)", "$a ~> $sum", "$map($a, $sum)", "$error", "$a ~> /a/"])
def test_a_function_that_is_given_to_another_is_fine(source: str) -> None:
    assert parse_expression(source).problems == ()
