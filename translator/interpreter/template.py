"""Fields with expressions in them, compiled once and evaluated on each visit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from translator.expressions.evaluator import (
    NOTHING,
    Ambient,
    CompiledExpression,
    EvaluationError,
    ExpressionSyntaxError,
    compile_expression,
)
from translator.interpreter.failure import InvalidDefinition, QueryFailure
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_NEEDS_CONTEXT: Final = re.compile(r"\$states(?!\s*\.\s*(?:input|result|errorOutput)\b)")
"""Conservative: anything but a plain path into input, result or errorOutput may look at the context."""

Scope = Mapping[str, JsonValue]
Evaluate = Callable[[Scope, Ambient], JsonValue]


@dataclass(frozen=True, slots=True)
class Template:
    """A field of a state: `evaluate` raises QueryFailure; `constant` where it holds no expression."""

    location: str
    evaluate: Evaluate
    constant: bool
    needs_context: bool
    source: str | None = None
    """The expression where the whole field is one."""


def compile_template(value: JsonValue, location: str, place: str) -> Template:
    """Compile the field `location` of the state at `place` (for messages); raises InvalidDefinition."""
    needs: list[bool] = []
    evaluate = _compile(value, location, place, needs)
    if evaluate is None:
        return Template(location, lambda _scope, _ambient: value, constant=True, needs_context=False)
    source = value[2:-2].strip() if isinstance(value, str) else None
    return Template(location, evaluate, constant=False, needs_context=any(needs), source=source)


def is_expression(text: str) -> bool:
    """Whether the service reads the string as an expression: only if the whole of it stands in the marks."""
    return text.startswith("{%") and text.endswith("%}") and len(text) >= 4


def _compile(value: JsonValue, location: str, place: str, needs: list[bool]) -> Evaluate | None:
    if isinstance(value, str):
        return _compile_text(value, location, place, needs) if is_expression(value) else None
    if isinstance(value, Mapping):
        return _compile_object(value, location, place, needs)
    if isinstance(value, list | tuple):
        return _compile_array(value, location, place, needs)
    return None


def _compile_text(text: str, location: str, place: str, needs: list[bool]) -> Evaluate:
    source = text[2:-2].strip()
    try:
        expression = compile_expression(source, as_service=True)
    except ExpressionSyntaxError as error:
        raise InvalidDefinition(
            f"SCHEMA_VALIDATION_FAILED: The JSONata expression is not valid. {error.message}",
            f"{place}/{location}",
        ) from error
    needs.append(_NEEDS_CONTEXT.search(source) is not None)
    return _evaluate_expression(expression, location)


def _evaluate_expression(expression: CompiledExpression, location: str) -> Evaluate:
    compute = expression.evaluate
    said = _said(expression.source, location)

    def evaluate(scope: Scope, ambient: Ambient) -> JsonValue:
        try:
            value = compute(scope, ambient)
        except EvaluationError as error:
            separator = ". " if error.code else ": "
            raise QueryFailure(
                f"{said} threw an error during evaluation{separator}{error}", location
            ) from error
        if value is NOTHING:
            raise QueryFailure(f"{said} returned nothing (undefined).", location)
        return value

    return evaluate


def _compile_object(
    value: Mapping[str, JsonValue], location: str, place: str, needs: list[bool]
) -> Evaluate | None:
    parts = [(key, item, _compile(item, f"{location}/{key}", place, needs)) for key, item in value.items()]
    if all(compiled is None for _, _, compiled in parts):
        return None

    def evaluate(scope: Scope, ambient: Ambient) -> JsonValue:
        return {key: item if compiled is None else compiled(scope, ambient) for key, item, compiled in parts}

    return evaluate


def _compile_array(
    value: list[JsonValue] | tuple[JsonValue, ...], location: str, place: str, needs: list[bool]
) -> Evaluate | None:
    parts = [(item, _compile(item, f"{location}[{index}]", place, needs)) for index, item in enumerate(value)]
    if all(compiled is None for _, compiled in parts):
        return None

    def evaluate(scope: Scope, ambient: Ambient) -> JsonValue:
        return [item if compiled is None else compiled(scope, ambient) for item, compiled in parts]

    return evaluate


_KINDS: Final = (
    (bool, "boolean"),
    (str, "string"),
    ((int, float), "number"),
    (Mapping, "object"),
    (list, "array"),
)


def kind_of(value: JsonValue) -> str:
    """The JSON type of a value, as the service's messages name it."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "null"


def _said(source: str | None, location: str) -> str:
    return f"The JSONata expression '{source}' specified for the field '{location}'"


def unexpected(template: Template, expected: str, value: JsonValue) -> QueryFailure:
    """The failure of a field whose expression gave another type than the field takes."""
    return QueryFailure(
        f"{_said(template.source, template.location)} returned an unexpected result type. "
        f"Expected '{expected}', but was '{kind_of(value)}' for value: {encode(value)}",
        template.location,
    )
