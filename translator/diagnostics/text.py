"""Shows diagnostics as text, each with the line that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from translator.diagnostics.model import Diagnostic, Severity

_MAX_WIDTH = 120


def render(diagnostics: Iterable[Diagnostic], text: str | None = None, file_name: str | None = None) -> str:
    """One block for each diagnostic, in the given order, and a line that counts them.

    `text` is what was read; without it, or for a diagnostic without a line, no source is shown.
    """
    lines = text.splitlines() if text is not None else []
    listed = list(diagnostics)
    blocks = [_block(diagnostic, lines, file_name) for diagnostic in listed]
    return "\n".join([*blocks, _count(listed)]) if blocks else ""


def _block(diagnostic: Diagnostic, lines: Sequence[str], file_name: str | None) -> str:
    place = str(diagnostic.position)
    # What was asked for beside the definition, such as a pin, has no place in its file.
    is_in_the_file = diagnostic.position.line > 0 or place.startswith("/")
    where = f"{file_name}:{place}" if file_name and is_in_the_file else place
    shown = [f"{where}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"]
    number = diagnostic.position.line
    if 0 < number <= len(lines):
        shown += _source(lines[number - 1], number, diagnostic.position.column)
    return "\n".join([*shown, f"    hint: {diagnostic.hint}", ""])


def _source(line: str, number: int, column: int) -> list[str]:
    """The line and a caret under the column; of a long line the part around the column."""
    line = "".join(character if character.isprintable() else " " for character in line)
    start = max(0, column - 1 - _MAX_WIDTH // 2) if len(line) > _MAX_WIDTH else 0
    part = line[start : start + _MAX_WIDTH]
    margin = f"{number:>4} | "
    caret = " " * (column - 1 - start)
    return [margin + part.rstrip(), " " * (len(margin) - 2) + "| " + caret + "^"]


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    counts = []
    for severity in Severity:
        count = sum(diagnostic.severity == severity for diagnostic in diagnostics)
        if count:
            counts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(counts)
