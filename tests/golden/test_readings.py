"""Five of the hardest shapes, told and drawn: a change in wording is seen, and read before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from steploom.drawing.mermaid import draw_mermaid
from steploom.drawing.of_definition import diagram_of_definition
from steploom.drawing.of_machine import diagram_of_machine
from steploom.story.telling import tell
from tests.golden.golden_file import remove_or_refuse, rewrite_or_compare
from translator.compiler import Compilation, compile_text
from translator.diagnostics.text import render

READINGS: Final = Path(__file__).parent / "readings"
DEFINITIONS: Final = sorted(READINGS.glob("*.yaml"))


def drawn(compilation: Compilation) -> str:
    return draw_mermaid(diagram_of_definition(compilation.definition))


def machine_drawn(compilation: Compilation) -> str:
    return draw_mermaid(diagram_of_machine(compilation.whole_machine, ""))


def told_of_states(compilation: Compilation) -> str:
    return compilation.source_map.to_text()


def notes(compilation: Compilation) -> str:
    return render(compilation.diagnostics) or "nothing"


FORMS: Final[Mapping[str, Callable[[Compilation], str]]] = {
    "explain.txt": tell,
    "draw.mmd": drawn,
    "machine.mmd": machine_drawn,
    "states.txt": told_of_states,
    "notes.txt": notes,
}


@cache
def compiled(definition: Path) -> Compilation:
    return compile_text(definition.read_text(), file_name=definition.name)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda file: file.stem)
def test_a_reading_reads_as_it_did(definition: Path, form: str) -> None:
    rewrite_or_compare(definition.with_suffix(f".{form}"), FORMS[form](compiled(definition)))


def test_every_text_belongs_to_a_reading() -> None:
    wanted = {definition.with_suffix(f".{form}") for definition in DEFINITIONS for form in FORMS}
    assert len(DEFINITIONS) == 5
    remove_or_refuse(set(READINGS.iterdir()) - wanted - set(DEFINITIONS))
