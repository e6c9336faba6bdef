"""One element of a leaf's list, read into a matcher or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from types import MappingProxyType
from typing import Final

from translator.event_pattern.matcher import (
    COMPARISONS,
    Affix,
    AnythingBut,
    Comparison,
    Equals,
    EqualsIgnoringCase,
    Exists,
    InNetwork,
    Matcher,
    Numeric,
    ValueMatcher,
    Wildcard,
)
from translator.event_pattern.problem import EventPatternError
from translator.json_value import JsonValue

Path = tuple[str, ...]

_LARGEST: Final = 5.0e9
"""Numbers beyond are not compared (EventBridge user guide, "Numeric matching")."""
_PAIR: Final = 2
_LOWER: Final = (">", ">=")
_UPPER: Final = ("<", "<=")


def read_matcher(value: JsonValue, path: Path) -> Matcher:
    """A plain value or an object of one operator; raises EventPatternError."""
    if value is None or isinstance(value, str | int | float):
        return Equals(value)
    if not isinstance(value, Mapping):
        raise EventPatternError(path, "a list in a list is no pattern")
    if len(value) != 1:
        raise EventPatternError(path, "an object in a list holds exactly one operator")
    ((operator, argument),) = value.items()
    read = _OPERATORS.get(operator)
    if read is None:
        raise EventPatternError(
            path, f"'{operator}' is no operator; there are {', '.join(sorted(_OPERATORS))}"
        )
    return read(argument, path)


def _exists(argument: JsonValue, path: Path) -> Exists:
    if not isinstance(argument, bool):
        raise EventPatternError(path, "'exists' is true or false")
    return Exists(argument)


def _ignoring_case(argument: JsonValue, path: Path) -> EqualsIgnoringCase:
    return EqualsIgnoringCase(_text("equals-ignore-case", argument, path))


def _affix(operator: str) -> Callable[[JsonValue, Path], Affix]:
    def read(argument: JsonValue, path: Path) -> Affix:
        if isinstance(argument, Mapping) and set(argument) == {"equals-ignore-case"}:
            text = _text(operator, argument["equals-ignore-case"], path)
            return Affix(text, operator == "suffix", ignores_case=True)
        return Affix(_text(operator, argument, path), operator == "suffix")

    return read


def _wildcard(argument: JsonValue, path: Path) -> Wildcard:
    text = _text("wildcard", argument, path)
    parts: list[str] = []
    index = 0
    while index < len(text):
        length = 2 if text[index] == "\\" else 1
        parts.append(_wildcard_part(text[index : index + length], parts, path))
        index += length
    return Wildcard(re.compile("".join(parts), re.DOTALL))


def _wildcard_part(piece: str, before: list[str], path: Path) -> str:
    if piece == "*":
        if before and before[-1] == ".*":
            raise EventPatternError(path, "'wildcard' has two * side by side: one is enough")
        return ".*"
    if piece.startswith("\\"):
        if piece not in ("\\*", "\\\\"):
            raise EventPatternError(path, "in 'wildcard' a backslash stands before * or a backslash only")
        return re.escape(piece[1])
    return re.escape(piece)


def _cidr(argument: JsonValue, path: Path) -> InNetwork:
    text = _text("cidr", argument, path)
    problem = EventPatternError(path, f"'{text}' is no network: write 10.0.0.0/8 or 2001:db8::/32")
    if "/" not in text:
        raise problem
    try:
        return InNetwork(ip_network(text, strict=False))
    except ValueError as error:
        raise problem from error


def _numeric(argument: JsonValue, path: Path) -> Numeric:
    if not isinstance(argument, list | tuple) or len(argument) not in (_PAIR, 2 * _PAIR):
        raise EventPatternError(path, '\'numeric\' is a list such as [">", 0, "<=", 5]')
    pairs = tuple(
        (_comparison(argument[index], path), _number(argument[index + 1], path))
        for index in range(0, len(argument), _PAIR)
    )
    if len(pairs) == _PAIR:
        _check_range(pairs, path)
    return Numeric(pairs)


def _check_range(pairs: tuple[tuple[Comparison, float], ...], path: Path) -> None:
    (lower, bottom), (upper, top) = pairs
    if lower not in _LOWER or upper not in _UPPER or bottom >= top:
        raise EventPatternError(path, "a range of 'numeric' begins with > or >= and ends higher with < or <=")


def _comparison(value: JsonValue, path: Path) -> Comparison:
    for comparison in COMPARISONS:
        if value == comparison:
            return comparison
    raise EventPatternError(path, f"'numeric' compares with {', '.join(COMPARISONS)}")


def _number(value: JsonValue, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST:
        raise EventPatternError(path, "'numeric' compares with numbers between -5.0e9 and 5.0e9")
    return value


def _anything_but(argument: JsonValue, path: Path) -> AnythingBut:
    if isinstance(argument, Mapping):
        return AnythingBut(_excluded_by_operator(argument, path))
    values = argument if isinstance(argument, list | tuple) else [argument]
    kinds = {_plain_kind(value) for value in values}
    if len(kinds) != 1 or None in kinds:
        raise EventPatternError(
            path, "'anything-but' is a text, a number, or a list of only one kind of them"
        )
    return AnythingBut(tuple(Equals(value) for value in values if isinstance(value, str | int | float)))


def _plain_kind(value: JsonValue) -> str | None:
    if isinstance(value, str):
        return "text"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else None


def _excluded_by_operator(argument: Mapping[str, JsonValue], path: Path) -> tuple[ValueMatcher, ...]:
    if len(argument) != 1:
        raise EventPatternError(path, "'anything-but' holds exactly one operator")
    ((operator, inner),) = argument.items()
    read = _EXCLUDABLE.get(operator)
    if read is None:
        raise EventPatternError(
            path, f"'anything-but' does not go with '{operator}', but with {', '.join(sorted(_EXCLUDABLE))}"
        )
    values = inner if isinstance(inner, list | tuple) else [inner]
    if not values:
        raise EventPatternError(path, f"'anything-but' with '{operator}' needs a text")
    return tuple(read(value, path) for value in values)


def _text(operator: str, argument: JsonValue, path: Path) -> str:
    if not isinstance(argument, str):
        raise EventPatternError(path, f"'{operator}' is a text")
    return argument


_EXCLUDABLE: Final[Mapping[str, Callable[[JsonValue, Path], ValueMatcher]]] = MappingProxyType(
    {
        "prefix": _affix("prefix"),
        "suffix": _affix("suffix"),
        "equals-ignore-case": _ignoring_case,
        "wildcard": _wildcard,
    }
)
_OPERATORS: Final[Mapping[str, Callable[[JsonValue, Path], Matcher]]] = MappingProxyType(
    {
        **_EXCLUDABLE,
        "anything-but": _anything_but,
        "cidr": _cidr,
        "exists": _exists,
        "numeric": _numeric,
    }
)
