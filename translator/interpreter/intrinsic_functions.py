"""The intrinsic functions of JSONPath mode (developer guide: Intrinsics for JSONPath states)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from translator.expressions.evaluator import Ambient
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_HASHES: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_MOST_ITEMS: Final = 1_000
_MOST_CHARACTERS: Final = 10_000
_PLACE: Final = re.compile(r"\\(?P<escaped>[{}])|\{\}")

Arguments: TypeAlias = Sequence[JsonValue]
Function: TypeAlias = "Callable[[Arguments, Ambient], JsonValue]"


class IntrinsicError(ValueError):
    """A function does not take its arguments; the message goes into the state's cause."""


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise IntrinsicError(f"The argument must be a string, but was: {encode(value)}")
    return value


def _array(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise IntrinsicError(f"The argument must be an array, but was: {encode(value)}")
    return value


def _integer(value: JsonValue) -> int:
    """A number, rounded to the nearest integer (AWS)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise IntrinsicError(f"The argument must be a number, but was: {encode(value)}")
    return math.floor(value + 0.5)


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else encode(value)


def _format(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    if not arguments:
        raise IntrinsicError("The function takes a template and what goes into its places.")
    template, *values = arguments
    left = iter(values)
    places = sum(match["escaped"] is None for match in _PLACE.finditer(_text(template)))
    if places != len(values):
        raise IntrinsicError(f"The template has {places} places for {len(values)} arguments.")
    return _PLACE.sub(lambda match: match["escaped"] or _shown(next(left)), _text(template))


def _string_to_json(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    try:
        value: JsonValue = json.loads(_text(arguments[0]))
    except ValueError as error:
        raise IntrinsicError(f"The string is not JSON: {error}") from error
    return value


def _partition(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    items, size = _array(arguments[0]), _integer(arguments[1])
    if size < 1:
        raise IntrinsicError("The chunk size must be greater than zero.")
    return [items[start : start + size] for start in range(0, len(items), size)]


def _contains(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    wanted = encode(arguments[1])
    return any(encode(item) == wanted for item in _array(arguments[0]))


def _range(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    first, last, step = map(_integer, arguments)
    if step == 0:
        raise IntrinsicError("The step must not be zero.")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > _MOST_ITEMS:
        raise IntrinsicError(f"The range has more than {_MOST_ITEMS} items.")
    return list(numbers)


def _get_item(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    items, index = _array(arguments[0]), _integer(arguments[1])
    if not 0 <= index < len(items):
        raise IntrinsicError(f"The index {index} is outside of an array of {len(items)} items.")
    return items[index]


def _unique(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    return list({encode(item): item for item in _array(arguments[0])}.values())


def _encode(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    return base64.b64encode(_short(arguments[0]).encode()).decode()


def _decode(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    try:
        return base64.b64decode(_short(arguments[0]), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise IntrinsicError(f"The string is not Base64 of a text: {error}") from error


def _short(value: JsonValue) -> str:
    text = _text(value)
    if len(text) > _MOST_CHARACTERS:
        raise IntrinsicError(f"The string has more than {_MOST_CHARACTERS} characters.")
    return text


def _hash(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    algorithm = _HASHES.get(_text(arguments[1]))
    if algorithm is None:
        raise IntrinsicError(f"The algorithm must be one of {', '.join(_HASHES)}.")
    return hashlib.new(algorithm, _shown(arguments[0]).encode(), usedforsecurity=False).hexdigest()


def _merge(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    left, right, deep = arguments
    if deep is not False:
        raise IntrinsicError("Only the shallow merge is there: the last argument must be false.")
    if not isinstance(left, Mapping) or not isinstance(right, Mapping):
        raise IntrinsicError("Both arguments must be objects.")
    return {**left, **right}


def _random(arguments: Arguments, ambient: Ambient) -> JsonValue:
    first, last = _integer(arguments[0]), _integer(arguments[1])
    if first >= last:
        raise IntrinsicError("The start must be less than the end.")
    generator = ambient.generator
    if len(arguments) > 2:
        generator = random.Random(_integer(arguments[2]))  # noqa: S311 (not a secret)
    return generator.randrange(first, last)


def _split(arguments: Arguments, _ambient: Ambient) -> JsonValue:
    # Each character of the second string parts the first, and what is empty is left out (recorded).
    text, separators = _text(arguments[0]), _text(arguments[1])
    parts = re.split(f"[{re.escape(separators)}]", text) if separators else [text]
    return cast("JsonValue", [part for part in parts if part])


def _taking(function: Function, *counts: int) -> Function:
    def checked(arguments: Arguments, ambient: Ambient) -> JsonValue:
        if len(arguments) not in counts:
            raise IntrinsicError(f"The function takes {' or '.join(map(str, counts))} arguments.")
        return function(arguments, ambient)

    return checked


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "Format": _format,
        "StringToJson": _taking(_string_to_json, 1),
        "JsonToString": _taking(lambda arguments, _ambient: encode(arguments[0]), 1),
        "Array": lambda arguments, _ambient: list(arguments),
        "ArrayPartition": _taking(_partition, 2),
        "ArrayContains": _taking(_contains, 2),
        "ArrayRange": _taking(_range, 3),
        "ArrayGetItem": _taking(_get_item, 2),
        "ArrayLength": _taking(lambda arguments, _ambient: len(_array(arguments[0])), 1),
        "ArrayUnique": _taking(_unique, 1),
        "Base64Encode": _taking(_encode, 1),
        "Base64Decode": _taking(_decode, 1),
        "Hash": _taking(_hash, 2),
        "JsonMerge": _taking(_merge, 3),
        "MathRandom": _taking(_random, 2, 3),
        "MathAdd": _taking(lambda arguments, _ambient: sum(map(_integer, arguments)), 2),
        "StringSplit": _taking(_split, 2),
        "UUID": _taking(
            lambda _arguments, ambient: str(uuid.UUID(int=ambient.generator.getrandbits(128), version=4)), 0
        ),
    }
)
