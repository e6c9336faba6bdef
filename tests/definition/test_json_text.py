"""JSON text is read strictly, and each value is placed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.definition.json_text import load_json
from translator.definition.positions import join_pointer
from translator.diagnostics.model import DiagnosticsError

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def _check_places(document_text: str, value: object, pointer: str) -> None:
    """Decoding from each value's place gives that value again."""
    document = load_json(document_text)
    place = document.places[pointer]
    lines = document_text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
    decoded, _ = json.JSONDecoder().raw_decode(document_text, offset)
    assert decoded == value
    if isinstance(value, dict):
        for key, item in value.items():
            _check_places(document_text, item, join_pointer(pointer, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_places(document_text, item, join_pointer(pointer, index))


@given(_JSON, st.sampled_from([None, 2]), st.booleans())
def test_each_value_is_placed_where_it_stands(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = load_json(text)
    assert document.diagnostics == []
    assert document.value == value
    _check_places(text, value, "")


def test_a_key_is_placed_apart_from_its_value() -> None:
    positions = load_json('{\n  "id":\n    "a"}').positions
    assert (positions.key_at("/id").line, positions.key_at("/id").column) == (2, 3)
    assert (positions.at("/id").line, positions.at("/id").column) == (3, 5)


def test_two_equal_keys_are_refused_also_if_one_is_written_with_escapes() -> None:
    [diagnostic] = load_json('{"a": 1, "\\u0061": 2}').diagnostics
    assert diagnostic.code == "WF104"
    assert (diagnostic.position.line, diagnostic.position.column, diagnostic.position.pointer) == (
        1,
        10,
        "/a",
    )


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", "9" * 400, "-" + "9" * 5000])
def test_a_number_that_json_cannot_hold_is_refused_where_it_stands(number: str) -> None:
    [diagnostic] = load_json(f'{{"a": {number}}}').diagnostics
    assert diagnostic.code == "WF107"
    assert diagnostic.position.column == 7


def test_half_a_surrogate_pair_is_refused() -> None:
    assert [diagnostic.code for diagnostic in load_json('{"a": "\\ud800"}').diagnostics] == ["WF109"]
    assert load_json('{"a": "\\ud83d\\ude00"}').diagnostics == []


@pytest.mark.parametrize(
    "text", ["{", "{'a': 1}", '{"a": 1,}', '{"a" 1}', '{"a": 1} x', '{"a": "\t"}', '{"a": 01}']
)
def test_what_is_no_json_is_refused_with_a_place(text: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_json(text)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.code == "WF101"
    assert diagnostic.position.line == 1


@pytest.mark.parametrize("depth", [65, 100_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_json('{"a":' * depth + "1" + "}" * depth)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["WF108"]
