"""What to tell the author of YAML that cannot be read."""

from __future__ import annotations

import re
from typing import Any, Final

from translator.definition.document import SYNTAX
from translator.diagnostics.model import Diagnostic, Position

_HINTS: Final = (
    ("mapping values are not allowed", "put a text that holds a colon in quotes, or correct the indentation"),
    ("undefined alias", "write &name before the value that *name shall repeat"),
    ("duplicate anchor", "give each anchor (&name) a name of its own"),
    ("found character that cannot start any token", "put the text in quotes"),
    ("did not find expected key", "check the indentation, and put texts with : or # or quotes in quotes"),
    ("did not find expected '-' indicator", "begin each element of the list with - in the same column"),
    ("found unexpected end of stream", "close the quotes or brackets that are open"),
    (
        "unknown escape character",
        "in double quotes a backslash is written \\\\; single quotes take it as it is",
    ),
    ("could not find expected ':'", "write `key: value`, with a space behind the colon"),
    ("did not find expected ',' or", "separate with commas and close every bracket"),
)

_UNQUOTED: Final = re.compile(r"""(?:^|[:\-,\[{]\s*|\s)(\{%.*?%\})""")


def explain(error: Any, text: str) -> Diagnostic:
    """The diagnostic for an exception of PyYAML."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it breaks off")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Diagnostic(
        SYNTAX, f"this is not valid YAML: {problem}", _hint(problem, text, line), Position(line, column, "")
    )


def _hint(problem: str, text: str, line: int) -> str:
    written = next(iter(text.splitlines()[line - 1 : line]), "")
    if (expression := _UNQUOTED.search(written)) is not None:
        quoted = expression.group(1).replace("\\", "\\\\").replace('"', '\\"')
        return f'put the expression in quotes: "{quoted}"'
    if "\t" in written[: len(written) - len(written.lstrip())] or "'\\t'" in problem:
        return "indent with spaces, not with tabs"
    return next(
        (hint for words, hint in _HINTS if words in problem), "check the indentation, quotes and brackets"
    )
