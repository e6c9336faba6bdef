"""Every code's examples are run; a phase that is not in this room brings its own runner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import translator
from translator.definition.reader import read_definition
from translator.diagnostics.catalogue import Entry, entries, find
from translator.diagnostics.model import DiagnosticsError
from translator.expressions.restrictions import ambiguous_names
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.json_value import JsonValue

READ = [entry for entry in entries().values() if entry.code < "WF200"]
EXPRESSIONS = [entry for entry in entries().values() if "WF250" <= entry.code < "WF270"]


def _named(entry: Entry) -> str:
    return entry.code


def _read_codes(entry: Entry, text: str) -> set[str]:
    try:
        read_definition(text, file_name=entry.file_name)
    except DiagnosticsError as error:
        return {diagnostic.code for diagnostic in error.diagnostics}
    return set()


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _expression_codes(entry: Entry, text: str) -> set[str]:
    definition = read_definition(text, file_name=entry.file_name).definition
    templates = [parse_template(text) for node in definition.nodes for text in _texts(node.parameters)]
    problems = [problem for template in templates for problem in template.problems]
    parts = [part for template in templates for part in template.expressions]
    trees = [parse_expression(part.source) for part in parts]
    problems += [problem for tree in trees for problem in tree.problems]
    names = {node.id for node in definition.nodes}
    problems += [problem for tree in trees for problem in ambiguous_names(tree.late, names)]
    return {problem.code for problem in problems}


@pytest.mark.parametrize("entry", READ, ids=_named)
def test_an_example_of_a_read_code_gives_that_code_and_its_repair_gives_none(entry: Entry) -> None:
    assert _read_codes(entry, entry.bad) == {entry.code}
    assert _read_codes(entry, entry.good) == set()


@pytest.mark.parametrize("entry", EXPRESSIONS, ids=_named)
def test_an_example_of_an_expression_code_gives_that_code_and_its_repair_gives_none(entry: Entry) -> None:
    assert _expression_codes(entry, entry.bad) == {entry.code}
    assert _expression_codes(entry, entry.good) == set()


def test_every_code_that_the_reader_and_the_expressions_can_give_is_in_the_catalogue() -> None:
    root = Path(str(translator.__file__)).parent
    files = [*root.glob("definition/*.py"), *root.glob("expressions/*.py")]
    used = {code for file in files for code in re.findall(r'"(WF\d{3})"', file.read_text())}
    assert used == {entry.code for entry in (*READ, *EXPRESSIONS)}


def test_an_entry_is_found_however_the_code_is_typed() -> None:
    entry = find(" wf103 ")
    assert entry is not None
    assert entry.code == "WF103"
    assert find("WF000") is None


@pytest.mark.parametrize("entry", entries().values(), ids=_named)
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
