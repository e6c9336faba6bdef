"""What `{% … %}` means, evaluated straight from a definition's own text (docs/semantics.md, Expressions)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import jsonata2py

NOTHING: Final = jsonata2py.MISSING
"""What an expression gives that yields no value at all (a field that is not there)."""
MARKED: Final = re.compile(r"\{%((?:(?!%\}).)*)%\}", re.DOTALL)
EXISTS_OF_A_NAME: Final = re.compile(r"\$exists\(\s*(\$[a-z][a-z0-9_]*)\s*\)")


class EvaluationFailed(Exception):  # noqa: N818
    """An expression that could not be evaluated; the run sees States.QueryEvaluationError."""


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """The value of what stands between the marks, or NOTHING; raises EvaluationFailed."""
    bindings = jsonata2py.JsonataBindings()
    for name, value in names.items():
        bindings.bind_value(name, value)
    try:
        source = EXISTS_OF_A_NAME.sub(r"(\1 != null)", expression.strip())
        return jsonata2py.compile(source).evaluate(None, bindings)
    except jsonata2py.JsonataError as error:
        raise EvaluationFailed(f"{expression}: {error}") from error


def truth(expression: str, names: Mapping[str, Any]) -> bool:
    """Whether a condition holds: nothing and null are false."""
    value = fill(expression, names)
    return value is not None and bool(evaluate("$boolean($value)", {"value": value}))


def fill(template: Any, names: Mapping[str, Any]) -> Any:
    """A whole parameter: nothing at the top is null."""
    value = _filled(template, names)
    return None if value is NOTHING else value


def _filled(template: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(template, str):
        return _text(template, names)
    if isinstance(template, Mapping):
        pairs = ((key, _filled(value, names)) for key, value in template.items())
        return {key: value for key, value in pairs if value is not NOTHING}
    if isinstance(template, list | tuple):
        values = (_filled(value, names) for value in template)
        return [value for value in values if value is not NOTHING]
    return template


def _text(text: str, names: Mapping[str, Any]) -> Any:
    whole = MARKED.fullmatch(text.strip())
    if whole:
        return evaluate(whole[1], names)
    return MARKED.sub(lambda found: _in_text(evaluate(found[1], names)), text)


def _in_text(value: Any) -> str:
    if value is NOTHING:
        return ""
    return str(evaluate("$string($value)", {"value": value}))
