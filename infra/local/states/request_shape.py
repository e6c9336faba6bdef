"""Holds requests to the shapes of the service's model, and refuses them in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import botocore.session
from botocore.model import ListShape, Shape, StructureShape

from infra.local.states.service_error import ServiceError

_IN_BYTES: Final = "SensitiveData"
"""Its length counts as UTF-8 (API reference: StartExecution, input)."""
_NUMBERS: Final = ("integer", "long", "float", "double")


def refuse_unfit(operation: str, body: Mapping[str, Any]) -> None:
    """Raise ServiceError ValidationException with every member that its shape refuses."""
    shape = _input_shape(operation)
    problems = [] if shape is None else list(_of_structure(shape, body, ""))
    if problems:
        plural = "s" if len(problems) > 1 else ""
        text = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        raise ServiceError("ValidationException", text)


@lru_cache(maxsize=64)
def _input_shape(operation: str) -> StructureShape | None:
    model = botocore.session.get_session().get_service_model("stepfunctions")
    return model.operation_model(operation).input_shape if operation in model.operation_names else None


def _of_structure(shape: StructureShape, value: Mapping[str, Any], place: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _problem(shape.members[name], None, f"{place}{name}", "Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _of_value(member, value[name], f"{place}{name}")


def _of_value(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        yield from _of_structure(shape, value, f"{place}.")
        return
    rule = _broken_rule(shape, value)
    if rule is not None:
        yield _problem(shape, value, place, rule)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _of_value(shape.member, item, f"{place}.{number}.member")


def _broken_rule(shape: Shape, value: Any) -> str | None:
    if shape.type_name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return _bounds(shape, value, "value")
    if shape.type_name == "list" and isinstance(value, list):
        return _bounds(shape, len(value), "length")
    if shape.type_name != "string" or not isinstance(value, str):
        return None
    options = shape.metadata.get("enum")
    if options and value not in options:
        return f"Member must satisfy enum value set: [{', '.join(options)}]"
    length = len(value.encode()) if shape.name == _IN_BYTES else len(value)
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]"), value):
        return (
            _bounds(shape, length, "length") or f"Member must satisfy regular expression pattern: {pattern}"
        )
    return _bounds(shape, length, "length")


def _bounds(shape: Shape, size: float, what: str) -> str | None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if most is not None and size > most:
        return f"Member must have {what} less than or equal to {most}"
    if least is not None and size < least:
        return f"Member must have {what} greater than or equal to {least}"
    return None


def _problem(shape: Shape, value: Any, place: str, rule: str) -> str:
    """What is secret in the model is not told again."""
    shown = " null" if value is None else "" if shape.metadata.get("sensitive") else f" '{value}'"
    return f"Value{shown} at '{place}' failed to satisfy constraint: {rule}"
