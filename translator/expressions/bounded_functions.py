"""JSONata's functions and operators that make much of little, held to what one evaluation may take.

One of them is one step to the library, which looks at no clock and no memory inside of it: so what would
become too large is refused before it is made. A compiled expression calls them by names of its own module.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from jsonata2py import MISSING, CompiledExpression, JsonataEvaluationError
from jsonata2py.runtime import context, core
from jsonata2py.runtime.values import JLambda, PackedArgs

from translator.expressions.bounded_replace import bounded_replace
from translator.expressions.extent import extent
from translator.expressions.holding import hold_items, hold_text, out_of_memory, too_large
from translator.expressions.limits import MOST_IN_A_RANGE, MOST_ITEMS

_WIDTH: Final = re.compile(r"[,-]\s*(\d{4,})")
"""Of a part of a picture, `[Y,4-1000]`; digits right behind the letter are a pattern, as long as they are."""
_MOST_DIGITS: Final = 1_000


def bound_functions(compiled: CompiledExpression, *, as_service: bool) -> None:
    """Let this expression call the functions of this module instead of the library's own.

    `as_service` holds it to what Step Functions keeps in memory, too.
    """
    compiled._entry_point.__globals__.update(_FUNCTIONS)
    if as_service:
        compiled._entry_point.__globals__.update(_OF_SERVICE)


def _text(name: str, value: Any) -> str:
    if type(value) is not str and isinstance(value, list | dict):
        hold_text(name, extent(value))
    return core.to_text(value)


def _concat(left: Any, right: Any) -> str:
    before = "" if left is MISSING else _text("&", left)
    after = "" if right is MISSING else _text("&", right)
    hold_text("&", len(before) + len(after))
    return before + after


def _string(value: Any = MISSING, prettify: Any = MISSING) -> Any:
    if isinstance(value, list | dict):
        hold_text("$string", extent(value))
    return core.fn_string(value, prettify)


def _join(texts: Any, separator: Any = MISSING) -> Any:
    if isinstance(texts, list):
        between = len(separator) if isinstance(separator, str) else 0
        hold_text("$join", sum(len(one) + between for one in texts if isinstance(one, str)))
    return core.fn_join(texts, separator)


def _pad(text: Any, width: Any, filler: Any = MISSING) -> Any:
    if isinstance(width, int | float):
        hold_text("$pad", int(abs(width)))
    return core.fn_pad(text, width, filler)


def _append(first: Any, second: Any) -> Any:
    hold_items("$append", sum(len(one) for one in (first, second) if isinstance(one, list)))
    return core.fn_append(first, second)


def _append_all(parts: list[Any]) -> Any:
    hold_items("An object", sum(len(one) if isinstance(one, list) else 1 for one in parts))
    return core.fn_append_all(parts)


def _array(*elements: Any) -> list[Any]:
    hold_items("[ ]", sum(len(one) for one in elements if isinstance(one, list)))
    return core.array(*elements)


def _array_of(*elements: Any) -> list[Any]:
    hold_items("[ ]", sum(map(_length, elements)))
    return core.array_of(*elements)


def _length(element: Any) -> int:
    if isinstance(element, core.RangeHolder):
        return max(element.to - element.from_ + 1, 0)
    return len(element) if isinstance(element, list) else 1


def _range(first: Any, last: Any) -> list[Any]:
    if type(first) is int and type(last) is int and last - first < MOST_ITEMS:
        hold_items("..", last - first + 1)
        return list(range(first, last + 1))
    return core.range_(first, last)


def _range_in_memory(first: Any, last: Any) -> list[Any]:
    if type(first) is int and type(last) is int and MOST_IN_A_RANGE <= last - first < MOST_ITEMS:
        raise out_of_memory()
    return _range(first, last)


def _array_in_memory(*elements: Any) -> list[Any]:
    ranges = (one for one in elements if isinstance(one, core.RangeHolder))
    if any(one.to - one.from_ >= MOST_IN_A_RANGE for one in ranges):
        raise out_of_memory()
    return _array_of(*elements)


def _multiply(left: float, right: float) -> float:
    # A product beyond all numbers is a value to the service, which shows it as "Infinity"; no operand may be.
    return left * right if math.isfinite(left) and math.isfinite(right) else core.mul_d(left, right)


def _divide(left: float, right: float) -> float:
    if left == right == 0:
        # JavaScript's NaN, for which the library has no value.
        raise JsonataEvaluationError("D1001", "Number out of range: NaN")
    return core.div_d(left, right)


def _zip(*arrays: Any) -> Any:
    hold_items("$zip", sum(len(one) for one in arrays if isinstance(one, list)))
    return core.fn_zip(*arrays)


def _split(text: Any, separator: Any, limit: Any = MISSING) -> Any:
    if isinstance(text, str):
        hold_text("$split", len(text))
    return core.fn_split(text, separator, limit)


def _from_millis(milliseconds: Any, picture: Any = MISSING, zone: Any = MISSING) -> Any:
    _hold_widths(picture)
    return core.fn_fromMillis(milliseconds, picture, zone)


def _to_millis(text: Any, picture: Any = MISSING) -> Any:
    _hold_widths(picture)
    return core.fn_toMillis(text, picture)


def _hold_widths(picture: Any) -> None:
    if isinstance(picture, str) and any(int(digits[:9]) > _MOST_DIGITS for digits in _WIDTH.findall(picture)):
        raise too_large(f"a picture asks for more than {_MOST_DIGITS} digits")


def _builtin_value(name: str) -> Any:
    """A function that an expression hands on by its name."""
    own, bounded = core.builtin_value(name), _FUNCTIONS.get(f"fn_{name}")
    return own if own is MISSING or bounded is None else _as_value(bounded, own.arity)


def _as_value(function: Callable[..., Any], arity: int) -> JLambda:
    def call(given: Any) -> Any:
        arguments = list(given) if isinstance(given, PackedArgs) else [given]
        return function(*[*arguments, *[MISSING] * arity][:arity])

    return JLambda(function if arity == 1 else call, arity)


def _resolve_binding(name: str) -> Any:
    value = context.resolve_binding(name)
    return _builtin_value(name) if value is MISSING else value


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "concat": _concat,
        "array": _array,
        "array_of": _array_of,
        "range_": _range,
        "mul_d": _multiply,
        "div_d": _divide,
        "builtin_value": _builtin_value,
        "resolve_binding": _resolve_binding,
        "fn_append": _append,
        "fn_append_all": _append_all,
        "fn_fromMillis": _from_millis,
        "fn_join": _join,
        "fn_pad": _pad,
        "fn_replace": bounded_replace,
        "fn_split": _split,
        "fn_string": _string,
        "fn_toMillis": _to_millis,
        "fn_zip": _zip,
    }
)
"""By the names that the library's generated code calls."""
_OF_SERVICE: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"array_of": _array_in_memory, "range_": _range_in_memory}
)
