"""The expressions in a value, as they stand between their marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translator.expressions.template import CLOSE, OPEN, parse_template
from translator.json_value import JsonValue


def source_of(value: JsonValue) -> str | None:
    """The expression's source if the value is one, else None."""
    if not isinstance(value, str) or not value.startswith(OPEN):
        return None
    if value.endswith(CLOSE) and value.count(OPEN) == 1:
        return value[len(OPEN) : -len(CLOSE)].strip()
    whole = parse_template(value).whole
    return whole.source if whole else None


def sources(value: object) -> Iterator[str]:
    """The source of every expression in a value."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            source = source_of(one)
            if source is not None:
                yield source
        elif isinstance(one, (list, tuple)):
            pending += one
        elif isinstance(one, Mapping):
            pending += list(one.values())
