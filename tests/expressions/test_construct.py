"""JSON templates become one expression of the same value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.expressions.construct import condition, or_null, quote, to_object_constructor
from translator.expressions.evaluator import NOTHING, compile_expression
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template

VALUES: Mapping[str, Any] = {
    "order": {"id": 7, "tags": ["a", "b"], "one": ["x"], "none": [], "deep": [[1], [2, [3]]], "zero": None},
    "x": 5,
}


def _value(source: str) -> Any:
    return compile_expression(source).evaluate(VALUES)


def _expected(template: Any) -> Any:
    """What section 3.1 says of a template: leaves that yield nothing are left out."""
    if isinstance(template, str):
        whole = parse_template(template).whole
        return _value(whole.source) if whole else template
    if isinstance(template, dict):
        pairs = {key: _expected(value) for key, value in template.items()}
        return {key: value for key, value in pairs.items() if value is not NOTHING}
    if isinstance(template, list):
        return [value for value in map(_expected, template) if value is not NOTHING]
    return template


_SOURCES = [
    "$x",
    "$order.id",
    "$order.nope",
    "$order.tags",
    "$order.one",
    "$order.none",
    "$order.deep",
    "$order.zero",
]
_LEAVES = st.one_of(
    st.sampled_from([f"{{% {source} %}}" for source in _SOURCES]),
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="%"), max_size=8),
)
_TEMPLATES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet="ab\"'\\\n%{}é$", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(_TEMPLATES)
def test_a_template_becomes_one_expression_of_the_same_value(template: Any) -> None:
    source = to_object_constructor(template)
    if source is None:
        assert "{%" not in json.dumps(template).replace("{%\\", "") or _expected(template) == template
        return
    assert parse_expression(source).root is not None
    assert "%}" not in source
    expected = _expected(template)
    assert _value(source) == (None if expected is NOTHING else expected)


def test_an_element_that_is_no_array_for_certain_is_written_plainly() -> None:
    assert to_object_constructor(["{% $x > 1 %}", "{% {'a': $x} %}"]) == "[($x > 1), ({'a': $x})]"


def test_a_template_without_expressions_needs_none() -> None:
    assert to_object_constructor({"a": [1, "b", None]}) is None


def test_keys_and_elements_that_yield_nothing_are_left_out() -> None:
    source = to_object_constructor(
        {"a": "{% $order.nope %}", "b": ["{% $order.nope %}", "{% $order.tags %}"]}
    )
    assert source is not None
    assert _value(source) == {"b": [["a", "b"]]}


def test_a_whole_parameter_that_yields_nothing_is_null() -> None:
    source = to_object_constructor("{% $order.nope %}")
    assert source is not None
    assert _value(source) is None


def test_in_text_nothing_is_empty_and_other_values_are_written_as_json() -> None:
    source = to_object_constructor("a {% $order.nope %}|{% $x %}|{% $order.tags %}|{% 'y' %}")
    assert source is not None
    assert _value(source) == 'a |5|["a","b"]|y'


def test_expressions_are_rewritten_on_the_way() -> None:
    template = {"a": "{% $x %}", "b": "n {% $x %}", "c": ["{% $x %}"]}
    source = to_object_constructor(template, lambda text: text.replace("$x", "$order.id"))
    assert source is not None
    assert _value(source) == {"a": 7, "b": "n 7", "c": [7]}


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("$x > 1", True),
        ("$order.nope", False),
        ("$order.none", False),
        ("$x", True),
        ("$order.nope > 1", False),
        ("$order.nope = 1", False),
        ("$order.nope = $order.nope", False),
        ("$order.nope != 1", False),
        ("$order.nope in [1]", False),
        ("$x = 7 and $order.nope", False),
        ("$order.nope or $x", True),
        ("($order.nope = 1)", False),
        ("$exists($order.nope)", False),
        ("($exists := function($a) {$a}; $exists($order.nope))", False),
    ],
)
def test_a_condition_that_yields_nothing_is_false(source: str, holds: bool) -> None:
    assert _value(condition(source)) is holds


def test_a_comparison_is_a_condition_as_it_is_written() -> None:
    assert condition("$x = 7") == "$x = 7"
    assert condition("$x = 7 or $x") == "($x = 7 or $x)"
    assert condition("$x > 1") == "$boolean($x > 1) = true"


def test_an_expression_that_has_a_value_for_certain_stays_as_it_is() -> None:
    assert or_null("$x") == "$x"
    assert _value(or_null("$order.nope")) is None
    assert _value(or_null("$order.tags")) == ["a", "b"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_is_read_as_that_text(text: str) -> None:
    assert _value(quote(text)) == text
    assert "%}" not in quote(text)
    assert "{%" not in quote(text)
