"""Which parts of an expression a function works out where the output that they read is large."""

from __future__ import annotations

import random

import pytest

from translator.expressions.evaluator import Ambient, compile_expression
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.projection.reading import read_wants
from translator.projection.views import Answering, find_views
from translator.projection.want import WHOLE

EVERY = Answering(frozenset({"every", "fetch"}), frozenset({"every"}))
LIST: JsonValue = [{"n": 3, "tags": ["a", "b"]}, {"n": 1, "tags": []}, {"n": 2, "tags": ["c"]}]


@pytest.mark.parametrize(
    ("source", "views"),
    [
        ("$every.n", ["$every.n"]),
        ("$every[n > 1].tags[0] & '.'", ["$every[n > 1].tags[0]"]),
        ("$sum($every.n) + $every[0].n", ["$sum($every.n)", "$every[0].n"]),
        ("$every^(>n)[0].n", ["$every^(>n)[0].n"]),
        ("$every.{'n': n, 'of': '}'}", ["$every.{'n': n, 'of': '}'}"]),
        ("$every{tags[0]: $sum(n)}", ["$every{tags[0]: $sum(n)}"]),
        ("$every . `n` [ $ > 1 ]", ["$every . `n` [ $ > 1 ]"]),
        ("{'all': $every, 'first': $every[0]}", ["$every[0]"]),
        ("$every.n[]", ["$every.n[]"]),
        ("$every.(n + $v)", []),
        ("$every", []),
        ("$every.n#$i.{'n': $, 'i': $i}", []),
        ("$fetch.lines.amount", []),
        ("$sum($fetch.lines.amount)", ["$sum($fetch.lines.amount)"]),
        ("$map([1], function($every) {$every.n})", []),
        ("$now() & $every[n > $millis()].n", []),
    ],
)
def test_of_a_list_every_closed_path_is_worked_out_and_of_other_outputs_calls_only(
    source: str, views: list[str]
) -> None:
    assert [view.source for view in find_views(parse_expression(source), EVERY)] == views


@pytest.mark.parametrize("source", ["$every[n > 1].tags[0]", "$every^(>n)[0].n", "$every.n[]", "$every[9].n"])
def test_what_is_worked_out_gives_what_the_expression_gives(source: str) -> None:
    ambient = Ambient(0, random.Random(1))
    tree = parse_expression(source)
    (view,) = find_views(tree, EVERY)
    whole = compile_expression(source).evaluate({"every": LIST}, ambient)
    assert compile_expression(view.source).evaluate({"every": LIST}, ambient) == whole


def test_what_is_worked_out_is_wanted_in_the_place_of_the_list() -> None:
    tree = parse_expression("{'all': $count($every), 'first': $every[0].n > $fetch.least}")
    wants = read_wants(tree, WHOLE, find_views(tree, EVERY))
    assert sorted(wants) == ["$count($every)", "$every[0].n", "fetch"]
