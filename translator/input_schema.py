"""A workflow's `input` as a JSON Schema: what is wrong with it, and what does not fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.definition.positions import join_pointer

_LONGEST: Final = 160
"""Characters of a message of the library, which quotes the value."""
_VALUES: Final = frozenset({"const", "default", "enum", "examples"})
"""Keywords whose values are no schemas."""
_TRIED: Final[tuple[object, ...]] = (None, {}, [], "", 0, True)

Finding = tuple[str, str]
"""A JSON pointer and what is wrong there."""


def references_elsewhere(schema: object) -> Iterator[Finding]:
    """References to other documents, by what they refer to."""
    for pointer, keyword, value in _keywords(schema, ""):
        if keyword in ("$ref", "$dynamicRef") and not value.startswith("#"):
            yield pointer, value


def mistakes(schema: Mapping[str, Any]) -> Iterator[Finding]:
    """Why a JSON Schema without references to other documents is none, or could not be applied."""
    validator = _validator_for(schema)
    found = [
        (_pointer(error.absolute_path), _cut(error.message))
        for error in validator(validator.META_SCHEMA).iter_errors(schema)
    ]
    found += [*_bad_patterns(schema), *_lost_references(schema)]
    if not found and _never_ends(schema):
        found.append(("", "it refers to itself without end"))
    yield from found


def misfits(schema: Mapping[str, Any], value: object) -> Iterator[Finding]:
    """Where a value does not fit a schema that has no mistakes, in an order of its own."""
    errors = _validator_for(schema)(schema).iter_errors(value)
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        yield _pointer(error.absolute_path), _cut(error.message)


def _keywords(schema: object, pointer: str) -> Iterator[tuple[str, str, str]]:
    """Every keyword with a text, with its pointer; what may be a value and no schema is left out."""
    if isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from _keywords(inner, join_pointer(pointer, index))
    elif isinstance(schema, Mapping):
        for name, inner in schema.items():
            if isinstance(inner, str):
                yield join_pointer(pointer, name), name, inner
            elif name not in _VALUES:
                yield from _keywords(inner, join_pointer(pointer, name))


def _bad_patterns(schema: object) -> Iterator[Finding]:
    for pointer, keyword, value in _keywords(schema, ""):
        if keyword == "pattern":
            try:
                re.compile(value)
            except re.error as error:
                yield pointer, f'"{_cut(value)}" is no regular expression: {error}'


def _lost_references(schema: Mapping[str, Any]) -> Iterator[Finding]:
    # Only definitions that declare an input pay for the imports.
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    resolver = Registry().with_resource("", DRAFT202012.create_resource(schema)).resolver()
    for pointer, keyword, value in _keywords(schema, ""):
        if keyword in ("$ref", "$dynamicRef"):
            try:
                resolver.lookup(value)
            except (Unresolvable, ValueError, TypeError, AttributeError):
                yield pointer, f'it refers to "{value}", which is not there'


def _never_ends(schema: Mapping[str, Any]) -> bool:
    try:
        for value in _TRIED:
            for _ in _validator_for(schema)(schema).iter_errors(value):
                pass
    except RecursionError:
        return True
    return False


def _validator_for(schema: Mapping[str, Any]) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.validators import validator_for  # noqa: PLC0415

    if not isinstance(schema.get("$schema", ""), str):
        return Draft202012Validator
    return validator_for(schema, default=Draft202012Validator)


def _pointer(path: Any) -> str:
    pointer = ""
    for part in path:
        pointer = join_pointer(pointer, part)
    return pointer


def _cut(message: str) -> str:
    """Both ends of a long message: what is wrong stands behind the value that it quotes."""
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]}…{message[-half:]}"
