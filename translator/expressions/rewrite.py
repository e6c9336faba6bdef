"""Replaces the names that an expression takes from outside, and nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from translator.diagnostics.model import InternalError
from translator.expressions.scoping import Reference
from translator.expressions.syntax import parse_expression

_VARIABLE: Final = re.compile(r"\$[A-Za-z_]\w*")
_PATH: Final = re.compile(r"\$[A-Za-z_]\w*(\.[A-Za-z_]\w*(\[[0-9]+\])?)*")


def rewrite(source: str, replace: Mapping[str, str], *, null_checked: Collection[str] = ()) -> str:
    """`source` with every free `$name` of `replace` replaced by its text.

    `replace` maps names without `$`, or names with fields, to expressions; the longest key wins:
    `{"trigger": "$states.context.Execution.Input.trigger", "run.id": "$states.context.Execution.Name"}`.
    `$exists($name)` of a name in `null_checked` becomes `(… != null)`: a node that was skipped has the
    output null, which exists in JSONata. Names that the expression binds itself, texts and comments stay.
    Raises InternalError for a source that cannot be read: its problems were there to be reported first.
    """
    tree = parse_expression(source)
    if tree.root is None:
        raise InternalError(f"an expression that cannot be read was to be rewritten: {source!r}")
    edits: list[tuple[int, int, str]] = []
    checks = [call for call in tree.exists_on_bare_reference if call.name in null_checked]
    for call in checks:
        text = _in_brackets(replace.get(call.name, f"${call.name}"), _PATH)
        edits.append((call.start, call.end, f"({text} != null)"))
    inside = {call.argument for call in checks}
    for reference in tree.references:
        if reference.start not in inside:
            edits += _edit(reference, replace)
    return _apply(source, edits)


def _edit(reference: Reference, replace: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """The replacement for one reference, of as many of its fields as there is one for."""
    if not reference.is_subscripted:
        for length in range(len(reference.path), 0, -1):
            key = ".".join([reference.name, *reference.path[:length]])
            if key in replace:
                end = reference.path_ends[length - 1]
                return [(reference.start, end, _in_brackets(replace[key], _PATH))]
    if reference.name not in replace:
        return []
    tight = _VARIABLE if reference.is_subscripted else _PATH
    return [(reference.start, reference.end, _in_brackets(replace[reference.name], tight))]


def _in_brackets(text: str, tight: re.Pattern[str]) -> str:
    """The text, in brackets unless it binds as tightly as a variable does."""
    return text if tight.fullmatch(text) else f"({text})"


def _apply(source: str, edits: list[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, text in sorted(edits):
        pieces += [source[done:start], text]
        done = end
    return "".join([*pieces, source[done:]])
