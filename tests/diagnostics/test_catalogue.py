"""Every code's examples are compiled, and every code has its examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import translator
from translator.compiler import compile_text
from translator.diagnostics import Diagnostic, DiagnosticsError, Severity
from translator.diagnostics.catalogue import Entry, entries, find

OUR_BUG = re.compile(r"WF9\d\d")
"""Codes of phases that check the translator itself; they are no diagnostics."""

every_entry = pytest.mark.parametrize("entry", entries().values(), ids=lambda entry: entry.code)


def diagnostics_of(text: str, file_name: str) -> tuple[Diagnostic, ...]:
    try:
        return compile_text(text, file_name=file_name).diagnostics
    except DiagnosticsError as error:
        return error.diagnostics


@every_entry
def test_the_wrong_example_has_its_code_and_no_other(entry: Entry) -> None:
    found = {diagnostic.code for diagnostic in diagnostics_of(entry.bad, entry.file_name)}
    assert found - set(entry.also) == {entry.code}


@every_entry
def test_the_right_example_has_no_error_and_not_the_code(entry: Entry) -> None:
    found = diagnostics_of(entry.good, entry.file_name)
    assert entry.code not in {diagnostic.code for diagnostic in found}
    errors = {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.ERROR}
    assert errors <= set(entry.also)


@every_entry
def test_what_is_said_of_the_wrong_example_has_a_place_and_a_hint(entry: Entry) -> None:
    for diagnostic in diagnostics_of(entry.bad, entry.file_name):
        assert diagnostic.position.line >= 1 or diagnostic.position.pointer == ""
        assert diagnostic.hint


@every_entry
def test_a_hint_tells_what_to_do_and_neither_it_nor_the_message_ends_like_a_sentence(entry: Entry) -> None:
    for diagnostic in diagnostics_of(entry.bad, entry.file_name):
        assert not diagnostic.message.endswith((".", "!"))
        assert not diagnostic.hint.endswith(("!", " "))
        assert diagnostic.message != diagnostic.hint


def test_every_code_that_is_raised_has_an_entry_and_every_entry_is_raised() -> None:
    root = Path(str(translator.__file__)).parent
    rooms = [file for file in root.rglob("*.py") if "catalogue" not in file.relative_to(root).parts]
    raised = {code for file in rooms for code in re.findall(r'"(WF\d{3})"', file.read_text())}
    assert {code for code in raised if not OUR_BUG.fullmatch(code)} == set(entries())


def test_two_places_that_raise_one_code_mean_the_same() -> None:
    root = Path(str(translator.__file__)).parent
    texts = [file.read_text() for file in root.rglob("*.py")]
    named = [code for text in texts for code in re.findall(r'^[A-Z_]+(?:: Final)? = "(WF\d{3})"', text, re.M)]
    twice = {code for code in named if named.count(code) > 1}
    assert twice == {"WF257"}, "WF257 is too long a text and too deep an expression"


def test_an_entry_is_found_however_the_code_is_typed() -> None:
    entry = find(" wf103 ")
    assert entry is not None
    assert entry.code == "WF103"
    assert find("WF000") is None


@every_entry
def test_the_printed_form_of_an_entry_shows_both_examples_and_nothing_a_terminal_would_obey(
    entry: Entry,
) -> None:
    text = entry.to_text()
    assert text.startswith(f"{entry.code}: {entry.title}")
    assert "Wrong:" in text
    assert "Right:" in text
    assert all(character.isprintable() or character == "\n" for character in text)


def test_codes_are_WF_and_three_digits() -> None:
    assert all(re.fullmatch(r"WF[1-9]\d\d", code) for code in entries())
