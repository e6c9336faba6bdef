"""How much a value is when it is written out: what stands in it twice counts twice, but is looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_A_SCALAR: Final = 4


def extent(value: Any) -> int:
    """About as many characters as the JSON of `value` has.

    A value that holds the same part many times is small in memory and may be endless when it is written, so
    it must be asked for this before. Raises RecursionError where it is nested too deeply.
    """
    return len(value) if type(value) is str else _of_a_container(value, {})


def _of_a_container(value: Any, known: dict[int, int]) -> int:
    if isinstance(value, dict):
        return sum(map(len, value)) + _of_all(value, value.values(), known)
    return _of_all(value, value, known) if isinstance(value, list) else _A_SCALAR


def _of_all(value: dict[str, Any] | list[Any], parts: Iterable[Any], known: dict[int, int]) -> int:
    found = known.get(id(value))
    if found is not None:
        return found
    total = len(value) + 2
    for part in parts:
        kind = type(part)
        if kind is str:
            total += len(part) + 2
        elif kind is dict or isinstance(part, list | dict):
            total += _of_a_container(part, known)
        else:
            total += _A_SCALAR
    known[id(value)] = total
    return total
