"""Which events a pattern matches, by the service's documented rules."""

from __future__ import annotations

import pytest

from translator.event_pattern import EventPatternError, matches, parse_pattern
from translator.json_value import JsonValue

_LINES: JsonValue = {"lines": [{"sku": "a", "count": 1}, {"sku": "b", "count": 9}]}


@pytest.mark.parametrize(
    ("pattern", "event", "expected"),
    [
        ({"a": ["x"]}, {"a": "x", "b": 1}, True),
        ({"a": ["x"]}, {"a": "X"}, False),
        ({"a": ["x", "y"]}, {"a": ["q", "y"]}, True),
        ({"a": ["x"], "b": [1]}, {"a": "x"}, False),
        ({"a": {"b": {"c": [1]}}}, {"a": {"b": {"c": 1}}}, True),
        ({"a": {"b": [1]}}, {"a": 1}, False),
        ({"a": [300]}, {"a": 300.0}, True),
        ({"a": [300]}, {"a": "300"}, False),
        ({"a": [1]}, {"a": True}, False),
        ({"a": [True]}, {"a": 1}, False),
        ({"a": [None]}, {"a": None}, True),
        ({"a": [None]}, {}, False),
        ({"a": [""]}, {"a": ""}, True),
        ({"a": [{"prefix": "eu-"}]}, {"a": "eu-west-1"}, True),
        ({"a": [{"prefix": "eu-"}]}, {"a": "EU-west-1"}, False),
        ({"a": [{"prefix": {"equals-ignore-case": "EU-"}}]}, {"a": "eu-west-1"}, True),
        ({"a": [{"suffix": ".png"}]}, {"a": "x.png"}, True),
        ({"a": [{"suffix": {"equals-ignore-case": ".PNG"}}]}, {"a": "x.png"}, True),
        ({"a": [{"suffix": ".png"}]}, {"a": 5}, False),
        ({"a": [{"equals-ignore-case": "Alice"}]}, {"a": "aLICE"}, True),
        ({"a": [{"wildcard": "dir/*.png"}]}, {"a": "dir/x/y.png"}, True),
        ({"a": [{"wildcard": "dir/*.png"}]}, {"a": "dir/.pn"}, False),
        ({"a": [{"wildcard": "a\\*c"}]}, {"a": "abc"}, False),
        ({"a": [{"wildcard": "a\\*c"}]}, {"a": "a*c"}, True),
        ({"a": [{"wildcard": "a.c"}]}, {"a": "abc"}, False),
        ({"a": [{"wildcard": "*"}]}, {"a": "line\nline"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.0.255"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.1.0"}, False),
        ({"a": [{"cidr": "2001:db8::/32"}]}, {"a": "2001:db8::1"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "ten"}, False),
        ({"a": [{"numeric": [">", 10, "<=", 20]}]}, {"a": 20}, True),
        ({"a": [{"numeric": [">", 10, "<=", 20]}]}, {"a": 10}, False),
        ({"a": [{"numeric": ["=", 3.0e2]}]}, {"a": 300}, True),
        ({"a": [{"numeric": [">", 0]}]}, {"a": "5"}, False),
        ({"a": [{"anything-but": "x"}]}, {"a": "y"}, True),
        ({"a": [{"anything-but": "x"}]}, {}, False),
        ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "y"}, False),
        ({"a": [{"anything-but": [1, 2]}]}, {"a": 3}, True),
        ({"a": [{"anything-but": "x"}]}, {"a": ["x", "y"]}, True),
        ({"a": [{"anything-but": {"prefix": "init"}}]}, {"a": "initial"}, False),
        ({"a": [{"anything-but": {"prefix": ["in", "out"]}}]}, {"a": "output"}, False),
        ({"a": [{"anything-but": {"suffix": ".png"}}]}, {"a": "a.jpg"}, True),
        ({"a": [{"anything-but": {"equals-ignore-case": ["A", "b"]}}]}, {"a": "B"}, False),
        ({"a": [{"anything-but": {"wildcard": "*/lib/*"}}]}, {"a": "x/lib/y"}, False),
        ({"a": [{"exists": True}]}, {"a": None}, True),
        ({"a": [{"exists": True}]}, {}, False),
        ({"a": [{"exists": False}]}, {}, True),
        ({"a": {"b": [{"exists": False}]}}, {}, True),
        ({"a": [{"exists": True}]}, {"a": {"b": 1}}, False),
        ({"a": [{"exists": False}]}, {"a": {"b": 1}}, True),
        ({"a": [{"exists": True}]}, {"a": []}, False),
        ({"a": [{"exists": False}]}, {"a": []}, True),
        ({"a": [{"exists": False}, "x"]}, {"a": "x"}, True),
        ({"lines": {"sku": ["b"], "count": [9]}}, _LINES, True),
        ({"lines": {"sku": ["a"], "count": [9]}}, _LINES, False),
        ({"a": [1]}, {"a": [[2, [1]]]}, True),
        ({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, True),
        ({"c": [3], "$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, False),
        ({"d": {"$or": [{"a": [1]}, {"b": [2]}]}}, {"d": {"a": 1}}, True),
        ({"d": {"$or": [{"a": [{"exists": False}]}, {"b": [2]}]}}, {}, True),
        ({"$or": [1, 2]}, {"$or": 2}, True),
    ],
)
def test_a_pattern_matches_by_the_rules(pattern: JsonValue, event: JsonValue, expected: bool) -> None:
    assert matches(parse_pattern(pattern), event) is expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ([], "an event pattern is an object"),
        ({}, "an empty event pattern matches nothing: name a field"),
        ({"a": {}}, "'a': an empty object is no pattern"),
        ({"a": "x"}, "'a': a value stands in a list: write [value]"),
        ({"a": {"b": []}}, "'a.b': an empty list matches nothing"),
        ({"a": [["x"]]}, "'a': a list in a list is no pattern"),
        ({"a": [{"begins": "x"}]}, "'begins' is no operator; there are anything-but, cidr"),
        ({"a": [{"prefix": "x", "suffix": "y"}]}, "exactly one operator"),
        ({"a": [{"exists": "yes"}]}, "'exists' is true or false"),
        ({"a": [{"prefix": 1}]}, "'prefix' is a text"),
        ({"a": [{"wildcard": "a**b"}]}, "two * side by side"),
        ({"a": [{"wildcard": "a\\b"}]}, "a backslash stands before"),
        ({"a": [{"cidr": "10.0.0.0"}]}, "is no network"),
        ({"a": [{"cidr": "10.0.0.0/99"}]}, "is no network"),
        ({"a": [{"numeric": [">"]}]}, "'numeric' is a list such as"),
        ({"a": [{"numeric": ["!", 1]}]}, "'numeric' compares with ="),
        ({"a": [{"numeric": [">", 9e9]}]}, "numbers between"),
        ({"a": [{"numeric": [">", 5, "<", 5]}]}, "a range of 'numeric'"),
        ({"a": [{"anything-but": []}]}, "'anything-but' is a text, a number"),
        ({"a": [{"anything-but": ["x", 1]}]}, "only one kind"),
        ({"a": [{"anything-but": None}]}, "'anything-but' is a text, a number"),
        ({"a": [{"anything-but": {"numeric": [">", 1]}}]}, "does not go with 'numeric'"),
        ({"a": [{"anything-but": {"prefix": []}}]}, "needs a text"),
    ],
)
def test_a_pattern_that_the_service_refuses_is_refused_with_its_place(
    pattern: JsonValue, message: str
) -> None:
    with pytest.raises(EventPatternError) as raised:
        parse_pattern(pattern)
    assert message in str(raised.value)
