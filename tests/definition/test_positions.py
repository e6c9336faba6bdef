"""Places of values, keys and characters inside texts."""

from __future__ import annotations

import pytest

from translator.definition.positions import Positions, join_pointer
from translator.definition.yaml_text import load_yaml

TEXT = """\
id: hello
nodes:
  - id: greet
    parameters:
      output: "say {% $x %}"
      plain: é {% $x %}
      block: |
        {% $first
           + $second %}
      folded: >
        {% $first
        + $second %}
      escaped: "a\\t{% $x %}"
"""


def _place(pointer: str) -> tuple[int, int]:
    position = load_yaml(TEXT).positions.at(pointer)
    return position.line, position.column


def test_a_value_is_placed_by_line_and_column_from_1() -> None:
    assert _place("/id") == (1, 5)
    assert _place("/nodes/0") == (3, 5)
    assert _place("/nodes/0/parameters/plain") == (6, 14)


def test_a_value_that_is_not_there_is_placed_at_what_is_around_it() -> None:
    position = load_yaml(TEXT).positions.at("/nodes/0/join/0")
    assert (position.line, position.column, position.pointer) == (3, 5, "/nodes/0/join/0")


def test_an_element_of_a_list_has_no_key_of_its_own() -> None:
    positions = load_yaml(TEXT).positions
    assert positions.key_at("/nodes/0") == positions.at("/nodes/0")
    assert (positions.key_at("/nodes").line, positions.key_at("/nodes").column) == (2, 1)


def test_data_that_was_never_text_has_line_0() -> None:
    assert Positions().at("/nodes/0") == Positions().key_at("/nodes/0")
    assert str(Positions().at("/nodes/0")) == "/nodes/0"


@pytest.mark.parametrize(
    ("name", "part", "place"),
    [
        ("output", "$x", (5, 23)),
        ("plain", "$x", (6, 19)),
        ("block", "$first", (8, 12)),
        ("block", "$second", (9, 14)),
        # Folded and escaped texts are not written as they are: the place of the value is given.
        ("folded", "$first", (10, 15)),
        ("escaped", "$x", (13, 16)),
    ],
)
def test_a_character_inside_a_text_has_its_own_place(name: str, part: str, place: tuple[int, int]) -> None:
    document = load_yaml(TEXT)
    value = document.value["nodes"][0]["parameters"][name]
    pointer = f"/nodes/0/parameters/{name}"
    position = document.positions.inside(pointer, value, value.index(part))
    assert (position.line, position.column, position.pointer) == (*place, pointer)


def test_a_pointer_escapes_its_signs() -> None:
    assert join_pointer("/a", "b/c~d") == "/a/b~1c~0d"
    assert join_pointer("", 0) == "/0"
