"""condition as if and as switch."""

from __future__ import annotations

from typing import Any

import pytest

from translator.node_type import Choosing
from translator.nodes.condition import Condition, ConditionParameters


def lower(parameters: dict[str, Any]) -> Choosing:
    ConditionParameters.model_validate(parameters)
    return Condition().lower(parameters)


def test_an_if_takes_true_or_else_false() -> None:
    parameters = {"when": "{% $total > 10 %}"}
    assert Condition().ports(parameters) == ("true", "false")
    assert lower(parameters) == Choosing(cases=(("true", "{% $total > 10 %}"),), default="false")


def test_a_switch_takes_its_cases_in_order_and_then_the_default() -> None:
    parameters = {
        "cases": [{"port": "big", "when": "{% $a %}"}, {"port": "eu", "when": "{% $b %}"}],
        "default": "rest",
    }
    assert Condition().ports(parameters) == ("big", "eu", "rest")
    assert lower(parameters) == Choosing(cases=(("big", "{% $a %}"), ("eu", "{% $b %}")), default="rest")


def test_a_switch_without_default_has_none() -> None:
    assert lower({"cases": [{"port": "big", "when": "{% $a %}"}]}).default is None


def test_two_cases_may_share_a_port() -> None:
    parameters = {
        "cases": [{"port": "x", "when": "{% $a %}"}, {"port": "x", "when": "{% $b %}"}],
        "default": "x",
    }
    assert Condition().ports(parameters) == ("x",)


def test_equals_and_one_of_compare_with_the_value() -> None:
    cases = [{"port": "italy", "equals": "IT"}, {"port": "alps", "one_of": ["CH", "AT"]}]
    assert lower({"value": "{% $order.country %}", "cases": cases}).cases == (
        ("italy", '{% ($order.country) = "IT" %}'),
        ("alps", '{% ($order.country) in ["CH", "AT"] %}'),
    )


def test_a_literal_cannot_close_the_expression() -> None:
    (case,) = lower({"value": "{% $x %}", "cases": [{"port": "odd", "equals": '50%} "é'}]}).cases
    assert case[1].count("%}") == 1
    assert case[1] == '{% ($x) = "50\\u0025} \\"\\u00e9" %}'


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "needs either"),
        ({"when": "{% true %}", "cases": [{"port": "a", "when": "{% true %}"}]}, "needs either"),
        ({"when": "{% true %}", "default": "no"}, 'belong to "cases"'),
        ({"when": "$total > 10"}, "must be one expression"),
        ({"when": True}, "valid string"),
        ({"cases": []}, "at least 1"),
        ({"cases": "{% $cases %}"}, "must be a fixed value"),
        ({"cases": [{"port": "a"}]}, 'case "a" needs exactly one'),
        ({"cases": [{"port": "a", "when": "{% 1 %}", "equals": 1}], "value": "{% 1 %}"}, "needs exactly one"),
        ({"cases": [{"port": "error", "when": "{% 1 %}"}]}, 'cannot be called "error"'),
        ({"cases": [{"port": "a", "equals": 1}]}, 'compare with "value"'),
        ({"cases": [{"port": "a", "when": "{% 1 %}"}], "value": "{% 1 %}"}, "used by no case"),
        ({"cases": [{"port": "a", "equals": "{% $x %}"}], "value": "{% 1 %}"}, "must be a fixed value"),
        ({"cases": [{"port": "Not a port", "when": "{% 1 %}"}]}, "match pattern"),
    ],
)
def test_what_is_neither_an_if_nor_a_switch_is_refused(parameters: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ConditionParameters.model_validate(parameters)
