"""WF339: a text that was surely meant to be evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.checks.facts import Facts
from translator.definition.positions import join_pointer
from translator.definition.wording import quoted
from translator.diagnostics import Diagnostic, Severity
from translator.expressions.syntax import parse_expression
from translator.expressions.template import TextPart, parse_template

CODE = "WF339"
_CONTEXT: Final = frozenset({"trigger", "run", "error"})
_FOREIGN: Final = re.compile(r"\{\{\s*\$?(?P<double>\w[^{}]*?)\s*\}\}|\$\{\s*\$?(?P<dollar>\w[^{}]*?)\s*\}")
"""How other languages write what is evaluated in a text."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such text in a parameter or the output."""
    definition = facts.resolved.definition
    names = {node.id for node in definition.nodes} | {one.name for one in definition.variables} | _CONTEXT
    for pointer, text in _texts(facts):
        written = _meant(text, names)
        if written is not None:
            message = f"{quoted(text)} stays as it is: only what stands in {{% … %}} is evaluated"
            hint = f'write "{written}"'
            yield Diagnostic(CODE, message, hint, facts.resolved.positions.at(pointer), Severity.WARNING)


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Of the nodes whose parameters fit: where an expression must stand, any text was refused before."""
    for index, node in facts.numbered_nodes():
        yield from _strings(node.definition.parameters, f"/nodes/{index}/parameters")
    yield from _strings(facts.resolved.definition.output, "/output")


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if "$" in value or "{{" in value:
            yield pointer, value
        return
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if _is_list(value) else ()
    for key, inner in inside:
        yield from _strings(inner, join_pointer(pointer, key))


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _meant(text: str, names: set[str]) -> str | None:
    """The text as it was meant, if it was; None for one that may be meant as it is."""
    template = parse_template(text)
    if not template.expressions and not template.problems and _reads(text, names):
        return f"{{% {text.strip()} %}}"
    parts = [part.text for part in template.parts if isinstance(part, TextPart)]
    for match in (match for part in parts for match in _FOREIGN.finditer(part)):
        source = f"${match['double'] or match['dollar']}"
        if _reads(source, names):
            return text.replace(match.group(), f"{{% {source} %}}")
    return None


def _reads(source: str, names: set[str]) -> bool:
    """Whether it is an expression that reads something which there is, and nothing else."""
    tree = parse_expression(source)
    return not tree.problems and bool(tree.free_names) and tree.free_names <= names
