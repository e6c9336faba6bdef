"""docs/diagnostics.md is what the catalogue says; with STEPLOOM_GOLDEN=rewrite it is written anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

from translator.diagnostics.catalogue import entries
from translator.diagnostics.document import to_markdown

PAGE = Path(__file__).parent.parent.parent / "docs" / "diagnostics.md"


def test_the_page_is_what_the_catalogue_says() -> None:
    if os.environ.get("STEPLOOM_GOLDEN") == "rewrite":
        PAGE.write_text(to_markdown())
    assert PAGE.read_text() == to_markdown(), "STEPLOOM_GOLDEN=rewrite .venv/bin/pytest tests/diagnostics"


def test_every_code_has_a_section_and_a_row_that_leads_there() -> None:
    text = to_markdown()
    assert re.findall(r"^### (WF\d+):", text, re.MULTILINE) == list(entries())
    assert re.findall(r"^\| \[(WF\d+)\]", text, re.MULTILINE) == list(entries())
    assert re.findall(r'<a id="(wf\d+)">', text) == [code.lower() for code in entries()]


def test_no_example_ends_the_block_that_it_stands_in() -> None:
    fences = [line for line in to_markdown().splitlines() if line.startswith("```")]
    assert [fence == "```" for fence in fences] == [False, True] * (len(fences) // 2)
