"""A value as it reads once some of the variables in it have other values, still as one expression."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from translator.expressions.construct import quote
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.lower.draft import expression, renamed

_INLINE: Final = 60
"""Longer texts that are read more than once are bound once instead."""


def substituted(
    value: JsonValue, known: Mapping[str, JsonValue], texts: Mapping[str, str] | None = None
) -> JsonValue:
    """The value with every variable of `known` replaced by its new value, others by their text in `texts`."""
    source = source_of(value)
    if source is None:
        if isinstance(value, Mapping):
            return {name: substituted(inner, known, texts) for name, inner in value.items()}
        return [substituted(inner, known, texts) for inner in value] if isinstance(value, list) else value
    names = dict(texts or {})
    tree = parse_expression(source)
    if source.startswith("$") and source[1:] in tree.free_names:
        return known[source[1:]] if source[1:] in known else literal(names.get(source[1:], source))
    own = {local.name for local in tree.locals}
    bound: list[str] = []
    for name in sorted(tree.free_names & known.keys()):
        text = text_of(known[name])
        uses = sum(1 for reference in tree.references if reference.name == name)
        if (uses > 1 and len(text) > _INLINE) or own & parse_expression(text).free_names:
            bound.append(f"${name}__new := ({text}); ")
            text = f"${name}__new"
        names[name] = text
    inner = renamed(value, names)
    if not bound:
        return inner
    return expression(f"({''.join(bound)}{source_of(inner)})")


def literal(text: str) -> JsonValue:
    """The value of a text that is JSON, else the expression."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return expression(text)
    return value


def text_of(value: JsonValue) -> str:
    """A value as the text of an expression."""
    source = source_of(value)
    if source is not None:
        return source
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quote(key)}: {text_of(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text_of(inner) for inner in value) + "]"
    return quote(value) if isinstance(value, str) else json.dumps(value)
