"""The examples of the codes that only a compilation can give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import translator
from translator.compiler import compile_text
from translator.diagnostics.catalogue import Entry, entries

COMPILED = [entry for code, entry in entries().items() if code >= "WF200" and not "WF250" <= code < "WF260"]
# A definition that is too large for a state machine is too large for an example.
WITHOUT_AN_EXAMPLE = {"WF501"}


def codes(text: str) -> set[str]:
    return {diagnostic.code for diagnostic in compile_text(text, file_name="workflow.yaml").diagnostics}


@pytest.mark.parametrize("entry", COMPILED, ids=lambda entry: entry.code)
def test_the_wrong_example_gives_its_code_and_the_right_one_none(entry: Entry) -> None:
    assert codes(entry.bad) == {entry.code}
    assert codes(entry.good) == set()


def test_every_code_of_the_later_phases_is_in_the_catalogue() -> None:
    root = Path(str(translator.__file__)).parent
    rooms = [file for file in root.rglob("*.py") if "catalogue" not in file.parts]
    used = {code for file in rooms for code in re.findall(r'"(WF[2-8]\d\d)"', file.read_text())}
    assert {code for code in used if not "WF250" <= code < "WF260"} - WITHOUT_AN_EXAMPLE == {
        entry.code for entry in COMPILED
    }
