"""Filters of paths, `[?(@.price > 10 && @.kind == 'x')]`."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from translator.json_value import JsonValue

Matches: TypeAlias = "Callable[[JsonValue], bool]"
_Operand: TypeAlias = "Callable[[JsonValue], JsonValue]"

_TOKEN: Final = re.compile(
    r"""\s*(?P<token>&&|\|\||!(?!=)|==|!=|<=|>=|<|>|\(|\)|@(?:\.[\w-]+|\['[^']*'\]|\[-?\d+\])*"""
    r"""|'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false|null|(?:n?in)\b|\[[^\]@]*\])\s*"""
)
_STEP: Final = re.compile(r"\.([\w-]+)|\['([^']*)'\]|\[(-?\d+)\]")
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "in": lambda left, right: left in right,
        "nin": lambda left, right: left not in right,
    }
)
_ABSENT: Final[Any] = object()


def compile_filter(text: str) -> Matches | None:
    """The condition, or None if the text is none."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    parser = _Parser(tokens)
    try:
        matches = parser.either()
    except IndexError:
        return None
    return matches if matches is not None and not parser.tokens else None


def _tokens(text: str) -> list[str] | None:
    tokens = []
    while text:
        match = _TOKEN.match(text)
        if match is None:
            return None
        tokens.append(match["token"])
        text = text[match.end() :]
    return tokens


class _Parser:
    """Takes tokens from the front; gives None, or raises IndexError, where they make no condition."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self) -> Matches | None:
        return self._joined("||", self._both, any)

    def _both(self) -> Matches | None:
        return self._joined("&&", self._one, all)

    def _joined(
        self, sign: str, part: Callable[[], Matches | None], join: Callable[..., bool]
    ) -> Matches | None:
        parts = [part()]
        while self.tokens and self.tokens[0] == sign:
            self.tokens.pop(0)
            parts.append(part())
        found = [matches for matches in parts if matches is not None]
        if len(found) < len(parts):
            return None
        return found[0] if len(found) == 1 else lambda value: join(matches(value) for matches in found)

    def _one(self) -> Matches | None:
        token = self.tokens.pop(0)
        if token == "!":  # noqa: S105 (no password)
            return _negated(self._one())
        if token == "(":  # noqa: S105 (no password)
            inner = self.either()
            return inner if self.tokens.pop(0) == ")" else None
        left = _operand(token)
        if not self.tokens or self.tokens[0] not in _COMPARISONS:
            return lambda value: left(value) is not _ABSENT
        compare, right = _COMPARISONS[self.tokens.pop(0)], _operand(self.tokens.pop(0))
        return lambda value: _holds(compare, left(value), right(value))


def _negated(matches: Matches | None) -> Matches | None:
    return None if matches is None else lambda value: not matches(value)


def _holds(compare: Callable[[Any, Any], bool], left: JsonValue, right: JsonValue) -> bool:
    try:
        return compare(left, right)
    except TypeError:
        return False


def _operand(token: str) -> _Operand:
    if token.startswith("@"):
        steps = [name or quoted or int(index) for name, quoted, index in _STEP.findall(token)]
        return lambda value: _walk(value, steps)
    constant = _constant(token)
    return lambda _value: constant


def _constant(token: str) -> JsonValue:
    """Raises IndexError where the token is no value."""
    if token[0] in "'\"":
        return token[1:-1]
    if token[0] == "[":
        return [_constant(item) for item in re.findall(r"""'[^']*'|"[^"]*"|[^\s,]+""", token[1:-1])]
    try:
        value: JsonValue = json.loads(token)
    except ValueError as error:
        raise IndexError(token) from error
    return value


def _walk(value: JsonValue, steps: list[Any]) -> JsonValue:
    for step in steps:
        try:
            value = value[step]  # type: ignore[index]
        except (TypeError, KeyError, IndexError):
            absent: JsonValue = _ABSENT
            return absent
    return value
