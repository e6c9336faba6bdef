"""The conditions of a Choice in JSONPath mode (Amazon States Language: Data-test expression)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from translator.interpreter.failure import PathFailure
from translator.interpreter.path import Path, View, parse_path
from translator.interpreter.path_number import is_moment
from translator.interpreter.read import Reader
from translator.json_value import JsonValue

Condition: TypeAlias = "Callable[[View, JsonValue], bool]"
_Test: TypeAlias = "Callable[[Any, Any], bool]"

RULE_FIELDS: Final = ("Next", "Comment", "Assign")
_ORDERS: Final[Mapping[str, _Test]] = MappingProxyType(
    {
        "Equals": operator.eq,
        "LessThan": operator.lt,
        "LessThanEquals": operator.le,
        "GreaterThan": operator.gt,
        "GreaterThanEquals": operator.ge,
    }
)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_timestamp(value: JsonValue) -> bool:
    return isinstance(value, str) and is_moment(value)


_KINDS: Final[Mapping[str, tuple[Callable[[JsonValue], bool], Callable[[Any], Any]]]] = MappingProxyType(
    {
        "String": (lambda value: isinstance(value, str), lambda value: value),
        "Numeric": (_is_number, lambda value: value),
        "Timestamp": (_is_timestamp, datetime.fromisoformat),
    }
)
_TYPES: Final[Mapping[str, Callable[[JsonValue], bool]]] = MappingProxyType(
    {
        "IsNull": lambda value: value is None,
        "IsString": lambda value: isinstance(value, str),
        "IsNumeric": _is_number,
        "IsBoolean": lambda value: isinstance(value, bool),
        "IsTimestamp": _is_timestamp,
    }
)


def _compare(kind: str, order: _Test) -> _Test:
    fits, convert = _KINDS[kind]
    return lambda left, right: fits(left) and fits(right) and order(convert(left), convert(right))


def _matches(text: JsonValue, pattern: JsonValue) -> bool:
    """A `*` stands for any text, `\\\\*` and `\\\\\\\\` for the characters themselves."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    first, *more = _pieces(pattern)
    if not more:
        return text == first
    *middle, last = more
    end = len(text) - len(last)
    place = len(first)
    if place > end or not text.startswith(first) or not text.endswith(last):
        return False
    # The first place of each piece leaves most room for those behind it, so nothing is tried twice.
    for piece in middle:
        place = text.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True


def _pieces(pattern: str) -> list[str]:
    """What stands between the stars."""
    pieces = [""]
    for part in re.findall(r"\\.|\*|[^\\*]+|\\", pattern, re.DOTALL):
        if part == "*":
            pieces.append("")
        else:
            pieces[-1] += part[1:] if part.startswith("\\") and len(part) > 1 else part
    return pieces


_TESTS: Final[Mapping[str, _Test]] = MappingProxyType(
    {
        **{f"{kind}{name}": _compare(kind, order) for kind in _KINDS for name, order in _ORDERS.items()},
        "BooleanEquals": lambda left, right: isinstance(left, bool) and left is right,
        "StringMatches": _matches,
    }
)


def compile_rule(reader: Reader) -> Condition:
    """The condition of a rule or of a part of one; raises InvalidDefinition."""
    for name, join in (("And", all), ("Or", any)):
        if name in reader:
            reader.only(name, *RULE_FIELDS)
            parts = [compile_rule(part) for part in reader.objects(name)]
            return _joined(join, parts)
    if "Not" in reader:
        reader.only("Not", *RULE_FIELDS)
        inner = compile_rule(reader.object("Not"))
        return lambda view, base: not inner(view, base)
    return _compile_test(reader)


def _joined(join: Callable[..., bool], parts: list[Condition]) -> Condition:
    return lambda view, base: join(part(view, base) for part in parts)


def _compile_test(reader: Reader) -> Condition:
    variable = _path(reader, "Variable")
    names = [name for name in reader.fields if name not in (*RULE_FIELDS, "Variable")]
    if len(names) != 1:
        raise reader.refuse("", "A rule needs exactly one comparison operator")
    name = names[0]
    expected = reader.fields[name]
    if name == "IsPresent":
        return lambda view, base: bool(variable.find(view, base)) is expected
    if name in _TYPES:
        is_type = _TYPES[name]
        return lambda view, base: is_type(_value(variable, view, base)) is expected
    if name in _TESTS:
        test = _TESTS[name]
        return lambda view, base: test(_value(variable, view, base), expected)
    test = _TESTS.get(name.removesuffix("Path"), operator.eq)
    if not name.endswith("Path") or name.removesuffix("Path") not in _TESTS or name == "StringMatchesPath":
        raise reader.refuse(name, f"Field '{name}' is not supported")
    other = _path(reader, name)
    return lambda view, base: test(_value(variable, view, base), _value(other, view, base))


def _path(reader: Reader, field: str) -> Path:
    path = parse_path(reader.required_text(field))
    if path is None:
        raise reader.refuse(field, "Value must be a valid JSONPath.")
    return path


def _value(path: Path, view: View, base: JsonValue) -> JsonValue:
    found = path.find(view, base)
    if not found:
        raise PathFailure(
            f"Invalid path '{path.text}': The choice state's condition path references an invalid value."
        )
    return found[0] if path.definite else found
