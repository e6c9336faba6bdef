"""Which runs count together: what a key is compiled to gives what JSONata gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.runtime.admission.limit import ALL, KEY_LIMIT, Limit, key_of, read_limit
from translator.concurrency import KeyMistakeError, key_parts
from translator.expressions.evaluator import NOTHING, compile_expression

TEMPLATES = (
    "{% $trigger.a %}",
    "{% $trigger.a.b %}",
    '{% $trigger.a."b" & "/" & $trigger.c %}',
    "{% ($trigger.a.b.c) %}",
    "{% $trigger.b & ('-' & $trigger.a.c) %}",
)
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab/", max_size=3)
fields = st.sampled_from("abc")
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("template", TEMPLATES)
@settings(max_examples=60, deadline=None)
@given(trigger=st.dictionaries(fields, values, max_size=3))
def test_a_compiled_key_is_what_its_expression_gives(template: str, trigger: dict[str, Any]) -> None:
    found = key_of(Limit(1, key=key_parts(template)), trigger)
    evaluated = compile_expression(template[2:-2]).evaluate({"trigger": trigger})
    assert json.loads(found) == (None if evaluated is NOTHING else evaluated)


def test_without_a_key_all_runs_count_together() -> None:
    assert key_of(Limit(1), {"body": {"customer": "ada"}}) == ALL


def test_a_field_that_is_missing_is_the_key_null() -> None:
    assert key_of(Limit(1, key=key_parts("{% $trigger.body.customer %}")), {"body": {}}) == "null"


def test_text_around_expressions_belongs_to_the_key() -> None:
    assert key_of(Limit(1, key=key_parts("eu-{% $trigger.a %}")), {"a": 7}) == '"eu-7"'


def test_a_long_key_is_cut_and_stays_apart_from_others() -> None:
    limit = Limit(1, key=key_parts("{% $trigger.a %}"))
    first, second = (key_of(limit, {"a": "x" * 5_000 + end}) for end in "ab")
    assert first != second
    assert len(first) == len(second) == KEY_LIMIT


@pytest.mark.parametrize(
    "template",
    [
        "customer",
        "{% $lowercase($trigger.a) %}",
        "{% $trigger.a[0] %}",
        "{% $trigger %}",
        "{% $order.id %}",
        "{% $trigger.a[] %}",
        "{% $trigger.* %}",
        "{% $trigger.( %}",
        "{% $trigger.a.(b & c) %}",
    ],
)
def test_a_key_that_needs_an_evaluator_is_refused(template: str) -> None:
    with pytest.raises(KeyMistakeError):
        key_parts(template)


def test_a_limit_is_read_as_it_was_written() -> None:
    limit = Limit(3, "skip", 7, key_parts("{% $trigger.a & '/' & $trigger.b %}"))
    assert read_limit(json.loads(json.dumps(limit.to_json()))) == Limit(3, "skip", 7, list(limit.key or ()))
