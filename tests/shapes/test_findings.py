"""What is found in an expression, where, and what is said to do."""

from __future__ import annotations

from typing import Any, Final

import pytest

from translator.shapes.expression import infer
from translator.shapes.finding import Finding
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.shape import ANYTHING, JSON, NULL, Shape, join
from translator.shapes.wording import named

_ITEM: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"sku": {"type": "string"}, "price": {"type": "number"}, "quantity": {"type": "integer"}},
    "required": ["sku", "price"],
    "additionalProperties": False,
}
ORDER: Final = shape_of_schema(
    {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "state": {"enum": ["open", "shipped", "closed"]},
            "express": {"type": "boolean"},
            "note": {"type": ["string", "null"]},
            "items": {"type": "array", "items": _ITEM},
            "tags": {"type": "array", "items": {"type": "string"}},
            "customer": {"type": "object", "properties": {"email": {"type": "string"}}},
            "extra": {"type": "object"},
        },
        "required": ["id", "name", "state", "express", "items", "tags", "customer"],
        "additionalProperties": False,
    }
)
_TEXTS: Final = "a text or an array of texts"
_NUMBERS: Final = "an array of numbers or a number"
_STATE: Final = '$order.state (the text "closed", "open" or "shipped")'
NAMES: Final[dict[str, Shape]] = {
    "order": ORDER,
    "skipped": join(ORDER, NULL),
    "unknown": JSON,
    "never_told": ANYTHING,
}


def known(name: str) -> Shape:
    return NAMES.get(name, ANYTHING)


def found(source: str) -> tuple[Finding, ...]:
    return infer(source, known).findings


@pytest.mark.parametrize(
    ("source", "place", "hint"),
    [
        ("$order.nmae", "nmae", 'did you mean "name"?'),
        ("$skipped.nmae", "nmae", 'did you mean "name"?'),
        ("$order.items.prise", "prise", 'did you mean "price"?'),
        ("$order.items[0].prise", "prise", 'did you mean "price"?'),
        ("$order.items[prise > 5].sku", "prise", 'did you mean "price"?'),
        ("$order.items^(>prise).sku", "prise", 'did you mean "price"?'),
        ("$order.items{skuu: price}", "skuu", 'did you mean "sku"?'),
        ("$order.items.{'a': prise}", "prise", 'did you mean "price"?'),
        ("$map($order.items, function($i){ $i.prise })", "prise", 'did you mean "price"?'),
        ("$order.items ~> $map(function($i){ $i.prise })", "prise", 'did you mean "price"?'),
        ("$reduce($order.items, function($a, $i){ $a + $i.prise }, 0)", "prise", 'did you mean "price"?'),
        ("($o := $order; $o.items.prise)", "prise", 'did you mean "price"?'),
        ("$order.customer.e_mail", "e_mail", 'did you mean "email"?'),
        ("{'total': 5}.totl", "totl", 'did you mean "total"?'),
        ("($order ~> |$|{'total': 5}|).totl", "totl", 'did you mean "total"?'),
        ("$merge([{'a': 1}, {'total': 2}]).totl", "totl", 'did you mean "total"?'),
        ("$order.name.first", "first", "it is a text: use it as it is"),
        ("$order.name.length", "length", "how long it is tells $length(…)"),
        ("$order.tags.length", "length", "how long it is tells $count(…)"),
        ("{}.a", "a", "it has no fields at all"),
        ("{'zebra': 1, 'lion': 2}.quality", "quality", 'it has "lion" and "zebra"'),
    ],
)
def test_a_field_that_is_not_there_is_warned_about(source: str, place: str, hint: str) -> None:
    (finding,) = found(source)
    assert (finding.code, finding.hint, finding.always_fails) == ("WF320", hint, False)
    assert source[finding.start : finding.end] == place


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("$order.id = '5'", '$order.id (a number) and the text "5" are never equal'),
        ("'5' != $order.id", 'the text "5" and $order.id (a number) are always different'),
        ("$order.items = 'a'", '$order.items (an array of objects) and the text "a" are never equal'),
        ("$order.state = 'opened'", f'{_STATE} and the text "opened" are never equal'),
        ("$type($order.id) = 'Number'", '$type(…) (a text) and the text "Number" are never equal'),
        ("5 in $order.tags", "5 and the items of $order.tags are never equal: each is a text"),
        ("$order.express = 'true'", '$order.express (a boolean) and the text "true" are never equal'),
        ("$skipped.id = 'a'", '$skipped.id (a number) and the text "a" are never equal'),
        ("$order.items[quantity = '1']", 'quantity (a number) and the text "1" are never equal'),
    ],
)
def test_an_equality_that_cannot_be_is_warned_about(source: str, message: str) -> None:
    (finding,) = found(source)
    assert (finding.code, finding.message, finding.always_fails) == ("WF321", message, False)


def test_a_message_names_what_a_field_is_read_from() -> None:
    assert found("$order.items[0].prise")[0].message == '"prise" is no field of $order.items[0]'
    assert found("$order.items[prise > 1]")[0].message == '"prise" is no field of this object'
    assert found("$order.name.first")[0].message == '"first" is no field: $order.name is a text'


def test_a_misspelt_text_is_told_from_those_there_may_be() -> None:
    assert found("$order.state = 'shiped'")[0].hint == 'did you mean "shipped"?'
    assert found("'shiped' = $order.state")[0].hint == 'did you mean "shipped"?'
    assert found("$order.state in ['shiped', 'opn']")[0].code == "WF321"
    assert found("$order.state = 'cancelled by hand'")[0].hint == 'it may be "closed", "open" or "shipped"'


@pytest.mark.parametrize(
    ("source", "always_fails"),
    [
        ("$order.id < 'a'", True),
        ("$order.express > 1", True),
        ("null >= 1", True),
        ("$skipped.id < 'a'", False),
        ("$order.items[price > 'a']", False),
        ("$order.express ? $order.id < 'a' : 1", False),
        ("false and $order.id < 'a'", False),
    ],
)
def test_an_order_of_what_has_none_is_an_error_only_where_it_must_fail(
    source: str, always_fails: bool
) -> None:
    (finding,) = found(source)
    assert (finding.code, finding.always_fails) == ("WF321", always_fails)


@pytest.mark.parametrize(
    ("source", "place", "always_fails"),
    [
        ("'a' - 1", "'a'", True),
        ('1 + "a"', '"a"', True),
        ("$order.name * 2", "$order.name", True),
        ("$skipped.name * 2", "$skipped.name", False),
        ("$order.items.(sku * 2)", "sku", False),
        ("-$order.name", "$order.name", True),
        ("[1..$order.name]", "$order.name", True),
        ("$order.items - 1", "$order.items", True),
        ("true + 1", "true", True),
        ("null + 1", "null", True),
        ("{$order.id: 1}", "$order.id", True),
        ("$order ~> $order", "$order", True),
    ],
)
def test_an_operand_of_the_wrong_kind_is_found_where_it_stands(
    source: str, place: str, always_fails: bool
) -> None:
    (finding,) = found(source)
    assert (finding.code, finding.always_fails) == ("WF322", always_fails)
    assert source[finding.start :].startswith(place)


@pytest.mark.parametrize(
    ("source", "message", "always_fails"),
    [
        ("$sum('x')", '$sum takes an array of numbers, but "x" is a text', True),
        ("$uppercase($order.id)", "$uppercase takes a text, but $order.id is a number", True),
        ("$order.id ~> $uppercase()", "$uppercase takes a text, but $order.id is a number", True),
        ("$order.id ~> $uppercase", "$uppercase takes a text, but $order.id is a number", True),
        ("$order.items.$uppercase(price)", "$uppercase takes a text, but price is a number", False),
        (
            "$sum($order.items.sku)",
            f"$sum takes an array of numbers, but $order.items.sku is {_TEXTS}",
            False,
        ),
        (
            "$join($order.items.price)",
            f"$join takes an array of texts, but $order.items.price is {_NUMBERS}",
            False,
        ),
        ("$substring($order.name, '1')", '$substring takes a number, but "1" is a text', True),
        ("$round()", "$round takes 1 to 2 arguments, and is given none", False),
        ("$floor(1, 2)", "$floor takes 1 argument, and is given 2", True),
        ("$now(1)", "$now takes a text, but 1 is a number", True),
        ("$map($order.items, 5)", "$map takes a function, but 5 is a number", False),
        ("$number($order)", "$number takes a text, a number or a boolean, but $order is an object", True),
        ("$skipped.id ~> $uppercase()", "$uppercase takes a text, but $skipped.id is a number", False),
    ],
)
def test_an_argument_of_the_wrong_kind_is_found(source: str, message: str, always_fails: bool) -> None:
    (finding,) = found(source)
    assert (finding.code, finding.message, finding.always_fails) == ("WF323", message, always_fails)


@pytest.mark.parametrize(
    "source",
    [
        "$order.name",
        "$order.items.price",
        "$order.items.(price * quantity)",
        "$sum($order.items.(price * quantity))",
        "$skipped.items.price",
        "$skipped = null",
        "$order.note = null",
        "$order.note = 'a'",
        "$exists($skipped)",
        "$exists($order.note)",
        "$order.customer.phone",
        "$order.extra.anything.at_all",
        "$unknown.anything - 1",
        "$never_told.anything - 1",
        "$no_such_name.anything - 1",
        "$unknown = 5 and $unknown = 'five'",
        "$order.id & ' of ' & $order.name",
        "$order.state in ['open', 'closed']",
        "'a' in $order.tags",
        "$order.quantity_of_items",
        "($f := function($x){ $x - 1 }; $f('a'))",
        "function($x){ $x - 1 }",
        "$order.items[$ = {}]",
        "$map($order.items, function($i, $n){ $n & $i.sku })",
        "$order.items#$i.($i & sku)",
        "$order.items@$i.$unknown[id = $i.skuu]",
        "$lookup($order, 'nmae')",
        "$type($order.id) = 'number'",
        "$string($order.id) = '5'",
        "$number($order.name) + 1",
        "$order.items[0].price + 1",
        "$order.items[-1].quantity + 1",
        "$uuid() & $now() & $millis() & $random()",
        "$parse($order.name).anything.at_all - 1",
        "$partition($order.items, 2)[0].price",
        "$range(1, 5, 1)[0] + 1",
        "$hash($order, 'MD5') & 'a'",
        "$sort($order.items, function($a, $b){ $a.price > $b.price }).sku",
        "$each($order, function($v, $k){ $k & ': ' & $v })",
        "$order.items.sku ~> $join(', ') ~> $uppercase()",
        "$substringBefore($order.name, '@') = 'a'",
        "$match($order.name, /a/).match",
        "$filter($order.items, function($i){ $i.price > 1 }).sku",
        "$order.items.**.sku",
        "$order.*",
        "$append($order.tags, 5)",
        "$not($order.id)",
        "$order.id ? 'a' : 1",
        "$error($order.name) - 1",
        "$order.",
    ],
)
def test_nothing_is_said_of_what_may_be_meant(source: str) -> None:
    expected = 1 if source == "$order.quantity_of_items" else 0
    assert len(found(source)) == expected, found(source)


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("$order.items.price", "an array of numbers or a number"),
        ("$order.items.price[]", "an array of numbers"),
        ("$order.items[0].price", "a number"),
        ("$sum($order.items.price)", "a number"),
        ("$order.items{sku: $sum(price)}", "an object"),
        ("$map($order.items, function($i){ $i.price * 2 })", "an array of numbers or a number"),
        ("$reduce($order.items.price, function($a, $b){ $a + $b }, 0)", "a number"),
        ("$order.express ? 'yes' : 'no'", 'the text "no" or "yes"'),
        ("($f := function($x){ $x & '!' }; $f(5))", "a text"),
        ("($f := function($n){ $n > 0 ? $f($n - 1) : 0 }; $f(5))", "any value"),
        ("[1, 'a', [2]]", "an array"),
        ("[$order.tags, 'a']", "an array of texts"),
        ("$zip($order.tags, $order.tags)", "an array of arrays"),
        ("$split($order.name, ' ')", "an array of texts"),
        ("$order.nothing_there", "nothing"),
    ],
)
def test_the_shape_of_an_expression_is_as_narrow_as_it_can_be(source: str, shape: str) -> None:
    assert named(infer(source, known).shape) == shape
