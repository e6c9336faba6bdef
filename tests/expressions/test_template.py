"""Texts are split at their expressions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.expressions.template import ExpressionPart, TextPart, parse_template


def _parts(text: str) -> list[str | tuple[str]]:
    """Texts as they are, expressions as tuples."""
    template = parse_template(text)
    for part in template.expressions:
        assert text[part.start : part.start + len(part.source)] == part.source
    return [part.text if isinstance(part, TextPart) else (part.source,) for part in template.parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain %} text", ["plain %} text"]),
        ("{% $x %}", [("$x",)]),
        ("Hi {% $x %}!", ["Hi ", ("$x",), "!"]),
        ("{% $x %}{% $y %}", [("$x",), ("$y",)]),
        ("{% '50%}' %}", [("'50%}'",)]),
        ('{% "\\"%}" %}', [('"\\"%}"',)]),
        ("{% $a.b.{'p': %} %}", [("$a.b.{'p': %}",)]),
        ("{% /* %} */ 1 %}", [("/* %} */ 1",)]),
        ("{% $a.`%}` %}", [("$a.`%}`",)]),
        ('{% $match($x, /[{"]%}/) %}', [('$match($x, /[{"]%}/)',)]),
        ("{% 8 / 2 %} / {% 1 %}", [("8 / 2",), " / ", ("1",)]),
        # Where quotes or braces never close, the first end counts.
        ("{% it's %} x", [("it's",), " x"]),
        ("{% {'a': 1 %} x", [("{'a': 1",), " x"]),
    ],
)
def test_a_text_is_split_at_its_expressions(text: str, parts: list[str | tuple[str]]) -> None:
    assert _parts(text) == parts
    assert parse_template(text).problems == ()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("{% $x %}", True),
        ("{% $x %}\n", True),
        ("\n  {% $x %}\n", True),
        (" {% $x %}", False),
        ("{% $x %}{% $y %}", False),
        ("a", False),
        ("", False),
    ],
)
def test_a_text_that_is_nothing_but_an_expression_is_whole(text: str, whole: bool) -> None:
    assert (parse_template(text).whole is not None) is whole


@pytest.mark.parametrize(
    ("text", "code", "start"),
    [("a {% $x", "WF250", 2), ("{%", "WF250", 0), ("{% %}", "WF251", 0), ("ab{%%}", "WF251", 2)],
)
def test_a_marker_without_an_expression_is_a_problem(text: str, code: str, start: int) -> None:
    [problem] = parse_template(text).problems
    assert (problem.code, problem.start) == (code, start)


@pytest.mark.parametrize("unit", ["{%/*%}", "/[", "'\\'", "/*", "{%\"'%}", "`", "{% {", "{%/[%}", "{%\\'%}"])
def test_a_text_is_split_in_time_that_grows_with_its_length(unit: str) -> None:
    def seconds(length: int) -> float:
        started = time.perf_counter()
        parse_template("{% " + unit * (length // len(unit)))
        return time.perf_counter() - started

    # Quadratic work over this length takes minutes.
    assert seconds(90_000) < 5


def test_a_text_that_no_machine_can_hold_is_refused_unread() -> None:
    [problem] = parse_template("{% 1 %}" + "x" * 100_000).problems
    assert problem.code == "WF257"
    assert parse_template("x" * 200_000).problems == ()


@given(st.text(alphabet="{%} $x'\"`/*\\a\n"))
def test_any_text_is_split_and_nothing_of_it_is_lost(text: str) -> None:
    template = parse_template(text)
    for part in template.parts:
        if isinstance(part, ExpressionPart):
            assert text.startswith(part.source, part.start)
            assert part.source.strip() == part.source != ""
    rebuilt = "".join(
        part.text if isinstance(part, TextPart) else f"{{%{part.source}%}}" for part in template.parts
    )
    if not template.problems:
        assert "".join(rebuilt.split()) == "".join(text.split())
