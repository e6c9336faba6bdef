"""YAML 1.2 is read as JSON data, and what is no such data is refused."""

from __future__ import annotations

from typing import Any

import pytest

from translator.definition.yaml_text import load_yaml
from translator.diagnostics.model import DiagnosticsError


def _value(text: str) -> Any:
    document = load_yaml(text)
    assert document.diagnostics == []
    return document.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("1", 1),
        ("-17", -17),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1e3", 1000.0),
        ("1.5E-1", 0.15),
        (".5", 0.5),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z"),
        ("=", "="),
        ("Hello {% $x %}", "Hello {% $x %}"),
        ("'1'", "1"),
        ('"null"', "null"),
        ("!!str 5", "5"),
        ("! 5", "5"),
    ],
)
def test_plain_values_are_resolved_as_in_the_core_schema_of_yaml_1_2(written: str, value: Any) -> None:
    got = _value(f"a: {written}")["a"]
    assert got == value
    assert type(got) is type(value)


def test_the_key_on_stays_a_text() -> None:
    assert _value("{on: failed, no: 1}") == {"on": "failed", "no": 1}


def test_an_alias_repeats_its_value_and_is_placed_where_it_stands() -> None:
    document = load_yaml("a: &policy {preset: network}\nb: *policy\n")
    assert document.value == {"a": {"preset": "network"}, "b": {"preset": "network"}}
    assert (document.positions.at("/b/preset").line, document.positions.at("/b/preset").column) == (2, 4)


def test_an_alias_may_be_a_key() -> None:
    assert _value("a: &name x\n*name : 1\n") == {"a": "x", "x": 1}


def _codes(text: str) -> list[str]:
    with pytest.raises(DiagnosticsError) as caught:
        load_yaml(text)
    return [diagnostic.code for diagnostic in caught.value.diagnostics]


def test_aliases_of_aliases_that_explode_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert _codes("\n".join(lines)) == ["WF108"]


def test_a_long_text_repeated_by_aliases_is_refused() -> None:
    assert _codes(f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 1000)}]") == ["WF108"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_without_end_is_refused_where_it_is_too_deep(opening: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_yaml(opening * 50_000)
    assert caught.value.diagnostics[-1].code in {"WF106", "WF108"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &a [*a]", "WF107"),
        ("a: *nothing", "WF101"),
        ("? [a]\n: b", "WF106"),
        ("a: b\n---\nc: d", "WF105"),
        ("a: 'b", "WF101"),
        ("a: b: c", "WF101"),
        ("\ta: b", "WF101"),
        ("# nothing", "WF102"),
    ],
)
def test_what_keeps_the_rest_from_being_read_is_raised(text: str, code: str) -> None:
    assert _codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2", "WF104"),
        ("1: a", "WF106"),
        ("null: a", "WF106"),
        ("a: !!python/object:os.system {}", "WF107"),
        ("a: !Ref b", "WF107"),
        ("a: -.inf", "WF107"),
        ("a: 1e999", "WF107"),
        (f"a: {'9' * 400}", "WF107"),
        ("<<: {a: 1}", "WF107"),
    ],
)
def test_what_does_not_keep_the_rest_from_being_read_is_noted(text: str, code: str) -> None:
    assert [diagnostic.code for diagnostic in load_yaml(text).diagnostics] == [code]


def test_an_expression_without_quotes_is_met_with_the_quoted_form() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_yaml('output: {% $order."total" %}')
    assert caught.value.diagnostics[0].hint == 'put the expression in quotes: "{% $order.\\"total\\" %}"'


def test_a_tab_is_met_with_advice_on_tabs() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_yaml("a:\n\tb: 1")
    assert "tabs" in caught.value.diagnostics[0].hint
