"""The lattice: what joins and meets hold, and how shapes are named."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.shapes.membership import holds
from tests.shapes.sampling import Sampler
from translator.shapes import kinds
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.literal import shape_of
from translator.shapes.reading import elements, field, sequence
from translator.shapes.shape import (
    ANYTHING,
    BOOLEAN,
    JSON,
    NEVER,
    NOTHING,
    NULL,
    NUMBER,
    TEXT,
    Shape,
    array_of,
    join,
    join_all,
    meet,
    object_of,
    text_of,
)
from translator.shapes.wording import named

SEEDS = range(400)


def drawn(seed: int) -> tuple[Shape, list[Any]]:
    """A shape and some of its values."""
    schema, value = Sampler(Random(seed)).schema(7)
    return shape_of_schema(schema), [value() for _ in range(3)]


def test_a_join_holds_what_either_holds() -> None:
    for seed in SEEDS:
        (first, some), (second, others) = drawn(seed), drawn(seed + 1)
        both = join(first, second)
        assert all(holds(both, value) for value in [*some, *others]), seed
        assert join(both, first) == both
        assert join(first, first) == first
        assert join(NEVER, first) == first


def test_a_meet_holds_what_both_hold() -> None:
    for seed in SEEDS:
        (first, some), (second, others) = drawn(seed), drawn(seed + 1)
        both = meet(first, second)
        assert all(
            holds(both, value) for value in [*some, *others] if holds(first, value) and holds(second, value)
        )
        assert meet(first, JSON) == first


def test_equal_shapes_have_equal_hashes() -> None:
    for seed in SEEDS:
        assert hash(drawn(seed)[0]) == hash(drawn(seed)[0])
        assert drawn(seed)[0] == drawn(seed)[0]


def test_the_shape_of_a_value_holds_it() -> None:
    value: dict[str, Any] = {"id": 1, "tags": ["a", None, {"deep": [True]}], "empty": [], "none": {}}
    shape = shape_of(value)
    assert holds(shape, value)
    assert not holds(shape, {**value, "more": 1})
    assert not holds(shape, {**value, "id": "1"})


def test_a_field_of_different_objects_may_be_missing_if_one_has_it_not() -> None:
    both = join(object_of({"a": NUMBER}), object_of({"b": TEXT}))
    assert field(both, "a") == join(NUMBER, NOTHING)
    assert field(both, "c") == NOTHING


def test_an_object_that_is_known_and_one_that_is_not_have_unknown_fields() -> None:
    assert field(join(object_of({"a": NUMBER}), JSON), "a") == ANYTHING


def test_the_fields_of_items_come_as_a_sequence() -> None:
    shape = array_of(object_of({"a": NUMBER}))
    assert field(shape, "a") == sequence(NUMBER)
    assert elements(field(shape, "a")) == NUMBER


def test_so_many_texts_are_any_text() -> None:
    few = join_all(text_of(str(number)) for number in range(10))
    many = join_all(text_of(str(number)) for number in range(100))
    assert few.texts is not None
    assert many == TEXT


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (NUMBER, "a number"),
        (text_of("a", "b"), 'the text "a" or "b"'),
        (join(TEXT, array_of(NUMBER)), "a text or an array of numbers"),
        (join_all([NUMBER, BOOLEAN, NULL]), "a number, a boolean or null"),
        (array_of(NEVER), "an empty array"),
        (array_of(array_of(TEXT)), "an array of arrays"),
        (array_of(join(TEXT, NUMBER)), "an array"),
        (NOTHING, "nothing"),
        (ANYTHING, "any value"),
        (Shape(kinds.NOTHING | kinds.NUMBER), "a number"),
    ],
)
def test_shapes_are_named_in_words(shape: Shape, name: str) -> None:
    assert named(shape) == name
