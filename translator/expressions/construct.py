"""Writes JSONata: texts, conditions, and whole JSON templates as one expression."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from translator.expressions.certainty import is_boolean, may_be_array, may_yield_nothing
from translator.expressions.joining import joined
from translator.expressions.syntax import parse_expression
from translator.expressions.template import ExpressionPart, Template, TextPart, parse_template
from translator.json_value import JsonValue

Rewriting: TypeAlias = Callable[[str], str]
"""Gives the text to write for an expression's source: what `rewrite` makes of it, or the source itself."""

_PATH: Final = re.compile(r"\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")

_BINDING_NOTHING: Final = frozenset({"path", "variable", "literal", "call", "operator", "condition", "block"})
"""Kinds of expressions that stand without brackets where any may; what binds a name needs them around it."""

# Names with `__` cannot be a user's.
_VALUE = "$value__"


def as_written(source: str) -> str:
    """The rewriting that changes nothing."""
    return source


def quote(text: str) -> str:
    """A JSONata literal of that text, which also never looks like the end of a `{% … %}`."""
    return json.dumps(text, ensure_ascii=False).replace("%}", "%\\u007d").replace("{%", "{\\u0025")


def condition(source: str) -> str:
    """An expression that is true where `source` counts as true, and false where it yields nothing.

    It binds as tightly as a comparison.
    """
    tree = parse_expression(source)
    if not is_boolean(tree):
        return f"$boolean({source}) = true"
    assert tree.root is not None
    return f"({source})" if tree.root.value in {"and", "or"} else source


def or_null(source: str) -> str:
    """An expression that gives null where `source` yields nothing."""
    if not may_yield_nothing(parse_expression(source)):
        return source
    return f"({_VALUE} := ({source}); $exists({_VALUE}) ? {_VALUE} : null)"


def mixed_to_expression(template: Template, rewriting: Rewriting = as_written) -> str:
    """One expression that joins the parts of a text; a part that yields nothing is empty there."""
    pieces = [
        quote(part.text) if isinstance(part, TextPart) else _bracketed(rewriting(part.source))
        for part in template.parts
    ]
    if len(pieces) == 1 and isinstance(template.parts[0], ExpressionPart):
        return f'"" & {pieces[0]}'
    return joined(pieces, "&") if pieces else '""'


def to_object_constructor(template: JsonValue, rewriting: Rewriting = as_written) -> str | None:
    """A JSON template as one JSONata expression, or None if nothing in it is evaluated.

    Where an expression yields nothing, a key of an object is left out and an element of an array dropped;
    a template that is itself an expression gives null.
    """
    if not has_expression(template):
        return None
    if isinstance(template, str):
        whole = parse_template(template).whole
        return or_null(rewriting(whole.source)) if whole else _text(template, rewriting)
    return _value(template, rewriting)


def has_expression(template: JsonValue) -> bool:
    """Whether anything in a JSON template is evaluated."""
    if isinstance(template, str):
        return bool(parse_template(template).expressions)
    if isinstance(template, Mapping):
        return any(has_expression(value) for value in template.values())
    return isinstance(template, Sequence) and any(has_expression(value) for value in template)


def _value(template: JsonValue, rewriting: Rewriting) -> str:
    if isinstance(template, str):
        return _text(template, rewriting)
    if isinstance(template, Mapping):
        pairs = (f"{quote(key)}: {_pair_value(value, rewriting)}" for key, value in template.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(template, Sequence):
        return "[" + ", ".join(_element(value, rewriting) for value in template) + "]"
    return json.dumps(template, allow_nan=False)


def _pair_value(template: JsonValue, rewriting: Rewriting) -> str:
    """What stands behind a key, where only a comma or a bracket follows."""
    whole = parse_template(template).whole if isinstance(template, str) else None
    root = None if whole is None else parse_expression(whole.source).root
    if whole is None or root is None or root.kind not in _BINDING_NOTHING:
        return _value(template, rewriting)
    return rewriting(whole.source)


def _text(text: str, rewriting: Rewriting) -> str:
    parsed = parse_template(text)
    if not parsed.expressions:
        return quote(text)
    return (
        _bracketed(rewriting(parsed.whole.source)) if parsed.whole else mixed_to_expression(parsed, rewriting)
    )


def _bracketed(source: str) -> str:
    """The source, in brackets unless it is a path of plain names."""
    return source if _PATH.fullmatch(source) else f"({source})"


def _element(template: JsonValue, rewriting: Rewriting) -> str:
    """An element of an array constructor, which would pour out an array that an expression gives."""
    whole = parse_template(template).whole if isinstance(template, str) else None
    if whole is None:
        return _value(template, rewriting)
    value = _bracketed(rewriting(whole.source))
    if not may_be_array(parse_expression(whole.source)):
        return value
    return f'({_VALUE} := {value}; $type({_VALUE}) = "array" ? [[{_VALUE}]] : {_VALUE})'
