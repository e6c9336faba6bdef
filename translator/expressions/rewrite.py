"""Replaces the names that an expression takes from outside, and nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from translator.diagnostics.model import InternalError
from translator.expressions.scoping import Reference
from translator.expressions.syntax import parse_expression

_VARIABLE: Final = re.compile(r"\$[A-Za-z_]\w*")
_PATH: Final = re.compile(r"\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def rewrite(source: str, replace: Mapping[str, str], *, null_checked: Collection[str] = ()) -> str:
    """`source` with every free `$name` of `replace` replaced by its text.

    `replace` maps names without `$` to expressions: `{"trigger": "$states.context.Execution.Input.trigger"}`.
    `$exists($name)` of a name in `null_checked` becomes `(… != null)`: a node that was skipped has the
    output null, which exists in JSONata. Names that the expression binds itself, texts and comments stay.
    Raises InternalError for a source that cannot be read: its problems were there to be reported first.
    """
    tree = parse_expression(source)
    if tree.root is None:
        raise InternalError(f"an expression that cannot be read was to be rewritten: {source!r}")
    edits: list[tuple[int, int, str]] = []
    checks = {call.start: call for call in tree.exists_on_bare_reference if call.name in null_checked}
    for call in checks.values():
        inner = Reference(call.name, 0, 0)
        edits.append((call.start, call.end, f"({_replacement(inner, replace)} != null)"))
    for reference in tree.references:
        covering = [call for call in checks.values() if call.start < reference.start < call.end]
        if not covering and reference.name in replace:
            edits.append((reference.start, reference.end, _replacement(reference, replace)))
    return _apply(source, edits)


def _replacement(reference: Reference, replace: Mapping[str, str]) -> str:
    """The text for one reference, in brackets unless it binds as tightly as the variable does."""
    text = replace.get(reference.name, f"${reference.name}")
    tight = _VARIABLE if reference.is_subscripted else _PATH
    return text if tight.fullmatch(text) else f"({text})"


def _apply(source: str, edits: list[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, text in sorted(edits):
        pieces += [source[done:start], text]
        done = end
    return "".join([*pieces, source[done:]])
