"""Functions at the end of a path, `$.items.length()`: those that the path library of the service has."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from translator.json_value import JsonValue

PathFunction: TypeAlias = "Callable[[JsonValue], list[JsonValue]]"
"""Gives what the path finds then: one value, or none where the function has no meaning for what was found."""


def _length(value: JsonValue) -> list[JsonValue]:
    return [len(value)] if isinstance(value, list | Mapping) else []


def _keys(value: JsonValue) -> list[JsonValue]:
    return [list(value)] if isinstance(value, Mapping) else []


def _first(value: JsonValue) -> list[JsonValue]:
    return [value[0]] if isinstance(value, list) and value else []


def _last(value: JsonValue) -> list[JsonValue]:
    return [value[-1]] if isinstance(value, list) and value else []


def _of_numbers(function: Callable[[Sequence[float]], float]) -> PathFunction:
    def apply(value: JsonValue) -> list[JsonValue]:
        items = value if isinstance(value, list) else []
        numbers = [item for item in items if isinstance(item, int | float) and not isinstance(item, bool)]
        found = function([float(number) for number in numbers]) if numbers else math.nan
        return [found] if math.isfinite(found) else []

    return apply


FUNCTIONS: Final[Mapping[str, PathFunction]] = MappingProxyType(
    {
        "length": _length,
        "size": _length,
        "keys": _keys,
        "first": _first,
        "last": _last,
        "min": _of_numbers(min),
        "max": _of_numbers(max),
        "sum": _of_numbers(math.fsum),
        "avg": _of_numbers(statistics.fmean),
        "stddev": _of_numbers(statistics.pstdev),
    }
)
