"""The functions that Step Functions adds to JSONata."""

from __future__ import annotations

import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from jsonata2py import MISSING, JsonataEvaluationError, bound_function

from translator.expressions.extent import extent
from translator.expressions.holding import hold_text, out_of_memory
from translator.expressions.limits import MOST_ITEMS

_RANGE_LIMIT: Final = 360_145
"""Items of `$range` that the service keeps in memory (measured: https://github.com/floci-io/floci/pull/2790)."""
_ALGORITHMS: Final = MappingProxyType(
    {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
)


def _partition(array: Any = MISSING, size: Any = MISSING) -> Any:
    if array is MISSING or size is MISSING or array == []:
        return MISSING
    width = _integer("partition", 2, size)
    if width == 0:
        return MISSING
    if width < 0:
        raise JsonataEvaluationError("D3137", "The chunk size of $partition must be a positive integer.")
    items = array if isinstance(array, list) else [array]
    return [items[start : start + width] for start in range(0, len(items), width)]


def _range(first: Any = MISSING, last: Any = MISSING, step: Any = MISSING) -> Any:
    return _numbers(first, last, step, MOST_ITEMS)


def _range_in_memory(first: Any = MISSING, last: Any = MISSING, step: Any = MISSING) -> Any:
    return _numbers(first, last, step, _RANGE_LIMIT)


def _numbers(first: Any, last: Any, step: Any, most: int) -> Any:
    if MISSING in (first, last, step):
        return MISSING
    start, end, width = (
        _integer("range", position, value) for position, value in enumerate((first, last, step), 1)
    )
    if width == 0:
        raise JsonataEvaluationError("D3137", "The step of $range must not be zero.")
    numbers = range(start, end + (1 if width > 0 else -1), width)
    if len(numbers) > most:
        raise out_of_memory()
    # The service hands out a JSONata sequence here: one of one is its item (recorded), an empty one nothing.
    return MISSING if not numbers else numbers[0] if len(numbers) == 1 else list(numbers)


def _hash(text: Any = MISSING, algorithm: Any = MISSING) -> Any:
    if text is MISSING or algorithm is MISSING:
        return MISSING
    name = _ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if name is None:
        raise JsonataEvaluationError(
            "D3137", f"The algorithm of $hash must be one of {', '.join(_ALGORITHMS)}."
        )
    hold_text("$hash", extent(text))
    data = text if isinstance(text, str) else json.dumps(text, separators=(",", ":"), ensure_ascii=False)
    return hashlib.new(name, data.encode(), usedforsecurity=False).hexdigest()


def _parse(text: Any = MISSING) -> Any:
    if text is MISSING:
        return MISSING
    if not isinstance(text, str):
        raise JsonataEvaluationError(
            "T0410", 'Argument 1 of function "parse" does not match function signature'
        )
    hold_text("$parse", len(text))
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise JsonataEvaluationError("D3137", f"The text given to $parse is not JSON: {error}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(function: str, position: int, value: Any) -> int:
    """The argument, rounded towards zero as the service does (https://github.com/floci-io/floci/pull/2676)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise JsonataEvaluationError(
            "T0410", f'Argument {position} of function "{function}" does not match function signature'
        )
    return int(value)


FUNCTIONS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "partition": bound_function()(_partition),
        "range": bound_function()(_range),
        "hash": bound_function()(_hash),
        "parse": bound_function()(_parse),
    }
)

OF_SERVICE: Final[Mapping[str, Any]] = MappingProxyType(
    {**FUNCTIONS, "range": bound_function()(_range_in_memory)}
)
"""The same as Step Functions itself bounds them."""

AMBIENT_PRELUDES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "random": "$random := function($seed){$steploom_random($seed)}; ",
        "uuid": "$uuid := function(){$steploom_uuid()}; ",
        "millis": "$millis := function(){$steploom_millis()}; ",
        "now": "$now := function($picture, $zone){$fromMillis($steploom_millis(), $picture, $zone)}; ",
    }
)
"""What stands before an expression that uses a function whose answer must come from outside."""


def ambient_functions(milliseconds: int, generator: random.Random) -> Mapping[str, Any]:
    """The functions that the preludes call, on this clock and this randomness."""

    def draw(seed: Any = MISSING) -> float:
        return generator.random() if seed is MISSING else random.Random(seed).random()  # noqa: S311 (not a secret)

    def name() -> str:
        return str(uuid.UUID(int=generator.getrandbits(128), version=4))

    answers: Mapping[str, Callable[..., Any]] = {
        "steploom_random": draw,
        "steploom_uuid": name,
        "steploom_millis": lambda: milliseconds,
    }
    return {key: bound_function()(answer) for key, answer in answers.items()}
