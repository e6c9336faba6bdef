"""Diagnostics are shown with their lines."""

from __future__ import annotations

from translator.diagnostics.model import Diagnostic, Position, Severity
from translator.diagnostics.text import render


def _diagnostic(line: int, column: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic("WF103", "it is wrong", "make it right", Position(line, column, "/nodes/0"), severity)


def test_a_diagnostic_is_shown_with_its_line_and_a_caret_under_its_column() -> None:
    shown = render([_diagnostic(2, 5)], "id: a\nto: nowhere\n", "orders.yaml")
    assert shown == (
        "orders.yaml:2:5: error WF103: it is wrong\n"
        "   2 | to: nowhere\n"
        "     |     ^\n"
        "    hint: make it right\n"
        "\n"
        "1 error"
    )


def test_a_diagnostic_about_data_is_shown_with_its_pointer_only() -> None:
    shown = render([_diagnostic(0, 0)])
    assert shown == "/nodes/0: error WF103: it is wrong\n    hint: make it right\n\n1 error"


def test_of_a_long_line_the_part_around_the_column_is_shown() -> None:
    shown = render([_diagnostic(1, 301)], "x" * 300 + "!" + "y" * 300, "a.yaml").splitlines()
    assert len(shown[1]) < 150
    assert shown[1][shown[2].index("^")] == "!"


def test_diagnostics_are_counted_by_severity() -> None:
    shown = render([_diagnostic(1, 1), _diagnostic(1, 1), _diagnostic(1, 1, Severity.NOTE)], "x")
    assert shown.endswith("\n2 errors, 1 note")


def test_a_column_behind_the_end_of_its_line_is_shown_there() -> None:
    shown = render([_diagnostic(1, 4)], "abc").splitlines()
    assert shown[2].index("^") == shown[1].index("c") + 1


def test_control_characters_of_the_source_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in render([_diagnostic(1, 1)], "\x1b[31mred")


def test_no_diagnostics_give_no_text() -> None:
    assert render([]) == ""
