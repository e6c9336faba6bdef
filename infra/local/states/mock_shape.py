"""Holds the mocked result of a Task to what its operation answers with (API reference: MockInput)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from infra.local.states.service_error import ServiceError

STRICT: Final = "STRICT"
PRESENT: Final = "PRESENT"
NONE: Final = "NONE"
_PREFIX: Final = "Mock result schema validation error"
_TYPES: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "string": ((str,), "a string"),
    "timestamp": ((str,), "a string"),
    "blob": ((str,), "a string"),
    "integer": ((int,), "a number"),
    "long": ((int,), "a number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "boolean": ((bool,), "a boolean"),
    "list": ((list,), "an array"),
    "map": ((dict,), "an object"),
    "structure": ((dict,), "an object"),
}


def check_result(value: Any, shape: Shape, mode: str) -> None:
    """Refuse a result that the operation cannot give; PRESENT lets required fields be missing.

    Fields that the operation does not know pass: a newer version of it may. Raises ServiceError
    ValidationException.
    """
    if not isinstance(value, dict):
        raise invalid("Mocked result must be a JSON object.")
    _check(value, shape, "", required=mode == STRICT)


def invalid(message: str) -> ServiceError:
    """What TestState answers to parameters that do not fit together."""
    return ServiceError("ValidationException", message)


def _check(value: Any, shape: Shape, name: str, *, required: bool) -> None:
    # Every field but a required one may be null.
    if value is None:
        return
    types, described = _TYPES.get(shape.type_name, ((object,), ""))
    fits: bool = isinstance(value, types)
    if not fits or (isinstance(value, bool) and shape.type_name != "boolean"):
        raise invalid(f"{_PREFIX}: Field '{name}' must be {described}")
    if isinstance(shape, StructureShape):
        if not shape.metadata.get("document"):
            _check_members(value, shape, required=required)
    elif isinstance(shape, ListShape):
        for item in value:
            _check(item, shape.member, name, required=required)
    elif isinstance(shape, MapShape):
        for item in value.values():
            _check(item, shape.value, name, required=required)
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        raise invalid(f"{_PREFIX}: Field '{name}' is not an expected value")


def _check_members(value: Mapping[str, Any], shape: StructureShape, *, required: bool) -> None:
    members = {_spelled(name): member for name, member in shape.members.items()}
    for name in map(_spelled, shape.required_members if required else ()):
        if name not in value:
            raise invalid(f"{_PREFIX}: Required field '{name}' is missing")
    for name, item in value.items():
        if name in members:
            _check(item, members[name], name, required=required)


def _spelled(name: str) -> str:
    """ASL writes every member with a capital."""
    return name[:1].upper() + name[1:]
