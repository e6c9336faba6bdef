"""Writes the catalogue of diagnostics as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from translator.diagnostics.catalogue import Entry, entries

_CHAPTERS: Final = (
    (100, "The text and its shape", "What is no definition at all, or has fields that do not fit."),
    (200, "Nodes, edges and names", "What a definition calls by a name has to be there."),
    (250, "Expressions", "What stands between `{%` and `%}` is JSONata as Step Functions has it."),
    (290, "Not compiled yet", "Right, and for a later version."),
    (300, "The meaning of the graph", "What each part may be, and the whole cannot mean."),
    (330, "Settings and names", "What is allowed and does not do what it seems to."),
    (400, "Structure", "Notes on what nesting costs."),
    (500, "Quotas", "What the service does not take."),
)
"""Each with the number of the first code that belongs to it."""

_HEAD: Final = """\
# Diagnostics

What the compiler says about a definition, code by code, with an example that has the mistake and one that
has not. `steploom explain <code>` prints the same. An error stops the compilation; a warning tells of
something that compiles and is probably not meant; a note tells of something that is fine and good to know.

This page is written by `translator/diagnostics/document.py` from `translator/diagnostics/catalogue/`; a
test compares the two and compiles every example.
"""


def to_markdown() -> str:
    """The page: a table of all codes, then a chapter a phase."""
    found = list(entries().values())
    bounds = [*(start for start, _, _ in _CHAPTERS[1:]), 1000]
    parts = [_HEAD, _table(found)]
    for (start, title, words), end in zip(_CHAPTERS, bounds, strict=True):
        chapter = [entry for entry in found if start <= int(entry.code[2:]) < end]
        if chapter:
            parts.append(f"## {title}\n\n{words}\n")
            parts += [_section(entry) for entry in chapter]
    return "\n".join(parts)


def _table(found: Iterable[Entry]) -> str:
    rows = [f"| [{entry.code}](#{entry.code.lower()}) | {entry.title} |" for entry in found]
    return "\n".join(["| code | what it says |", "|---|---|", *rows, ""])


def _section(entry: Entry) -> str:
    language = entry.file_name.rpartition(".")[2]
    lines = [f'<a id="{entry.code.lower()}"></a>', f"### {entry.code}: {entry.title}", "", entry.explanation]
    lines += ["", "Wrong:", *_block(entry.bad, language), "", "Right:", *_block(entry.good, language), ""]
    return "\n".join(lines)


def _block(text: str, language: str) -> Iterator[str]:
    yield f"```{language}"
    yield from Entry.shown(text)
    yield "```"
