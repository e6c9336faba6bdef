"""What an expression wants of the values it reads."""

from __future__ import annotations

import pytest

from translator.expressions.syntax import parse_expression
from translator.projection.reading import read_wants
from translator.projection.want import NOTHING, PASSED, RESERVED, WHOLE, Want


def wants(source: str, want: Want = PASSED) -> object:
    found = read_wants(parse_expression(source), want)
    return found["fetch"].to_json() if "fetch" in found else None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$fetch", "reference"),
        ("$fetch.lines", {"lines": "reference"}),
        ("$fetch.id > 5", {"id": True}),
        ("{'id': $fetch.id, 'all': $fetch}", {"id": "reference", RESERVED: "reference"}),
        ("$fetch.body.items[price>10].name", {"body": {"items": {"name": "reference", "price": True}}}),
        ("$count($fetch.lines)", {"lines": {}}),
        ("$sum($fetch.lines.amount)", {"lines": {"amount": True}}),
        ("$sum($fetch.lines.(price * quantity))", {"lines": {"price": True, "quantity": True}}),
        ("$exists($fetch.lines)", {"lines": "reference"}),
        ("$fetch.lines != null", {"lines": "reference"}),
        ("$fetch.lines[0]", {"lines": True}),
        ("$fetch.lines[]", {"lines": True}),
        ("$merge([$fetch, {'x': 1}])", True),
        ("$fetch ~> |lines|{'a': 1}|", True),
        ("$fetch.*.id", True),
        ("$fetch.**.id", True),
        ("$fetch.ok ? $fetch.lines : $fetch.error", {"ok": True, "lines": "reference", "error": "reference"}),
        ("($x := $fetch.body; $x.id & $x.name)", {"body": {"id": True, "name": True}}),
        ("($fetch := 1; $fetch)", None),
        ("($x := $fetch; $fetch := 2; $x)", True),
        ("$map($fetch.lines, function($l) {$l.id})", {"lines": {"id": True}}),
        ("$map($fetch.lines, function($l, $i, $a) {$count($a)})", {"lines": True}),
        (
            "$filter($fetch.lines, function($l) {$l.id > 1}).name",
            {"lines": {"id": True, "name": "reference"}},
        ),
        ("$fetch.lines^(price).name", {"lines": True}),
        ("$fetch.lines.$uppercase()", {"lines": True}),
        ("$fetch.lines.'a name'", {"lines": {"a name": "reference"}}),
        ("[$fetch.lines]", {"lines": True}),
        ("$other.id", None),
    ],
)
def test_an_expression_wants_the_fields_that_it_looks_at_and_passes_the_rest(
    source: str, expected: object
) -> None:
    assert wants(source) == expected


def test_of_a_constructed_object_only_the_wanted_fields_are_looked_at() -> None:
    source = "{'lines': $fetch.lines, 'id': $fetch.id}"
    wanted = {"lines": {"amount": True}}
    assert wants(source, WHOLE.of_field("amount").of_field("lines")) == wanted


def test_what_is_wanted_very_deep_down_counts_as_wanted_whole_so_that_a_loop_ends() -> None:
    want = PASSED
    for _ in range(100):
        want = want.of_field("next")
    assert want.depth < 10


def test_a_value_that_is_counted_and_passed_on_is_both() -> None:
    assert wants("{'n': $count($fetch.lines), 'lines': $fetch.lines}") == {"lines": {RESERVED: "reference"}}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$fetch.lines.id", None),
        ("{'lines': $fetch.lines}", None),
        ("$number($fetch.id)", {"id": True}),
        ("$fetch.lines.(1)", {"lines": {}}),
    ],
)
def test_of_a_value_that_nobody_looks_at_only_what_may_fail_is_wanted(source: str, expected: object) -> None:
    assert wants(source, NOTHING) == expected
