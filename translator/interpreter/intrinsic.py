"""Calls of intrinsic functions in JSONPath mode: `States.Format('Hello {}', $.name)`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from translator.interpreter.failure import PathFailure
from translator.interpreter.intrinsic_functions import FUNCTIONS, IntrinsicError
from translator.interpreter.path import Select, View, parse_path
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_CALL: Final = re.compile(r"\s*States\.(?P<name>\w+)\s*\((?P<arguments>.*)\)\s*", re.DOTALL)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}

_Argument: TypeAlias = "Callable[[View, JsonValue], JsonValue]"


def compile_call(text: str) -> Select | None:
    """The value that the call gives, or None if the text is no call of a function that there is."""
    call = _compile(text)
    if call is None:
        return None

    def run(view: View, base: JsonValue) -> JsonValue:
        try:
            return call(view, base)
        except IntrinsicError as error:
            raise PathFailure(f"The function '{text}' had the following error: {error}") from error

    return run


def _compile(text: str) -> _Argument | None:
    match = _CALL.fullmatch(text)
    if match is None or match["name"] not in FUNCTIONS:
        return None
    function = FUNCTIONS[match["name"]]
    arguments = [_argument(part) for part in _split(match["arguments"])]
    known = [argument for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    return lambda view, base: function([argument(view, base) for argument in known], view.ambient)


def _split(text: str) -> list[str]:
    """The arguments, at the commas that stand in no string, bracket or call."""
    parts, depth, start, place, quoted = [], 0, 0, 0, False
    while place < len(text):
        character = text[place]
        if character == "\\":
            place += 1
        elif character == "'":
            quoted = not quoted
        elif not quoted and character in "([":
            depth += 1
        elif not quoted and character in ")]":
            depth -= 1
        elif not quoted and character == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    rest = text[start:]
    return [*parts, rest] if parts or rest.strip() else []


def _argument(text: str) -> _Argument | None:
    text = text.strip()
    if text.startswith("$"):
        return _path(text)
    if len(text) > 1 and text[0] == text[-1] == "'":
        return _constant(_unescaped(text[1:-1]))
    if _NUMBER.fullmatch(text):
        return _constant(json.loads(text))
    if text in _WORDS:
        return _constant(_WORDS[text])
    return _compile(text)


def _constant(value: JsonValue) -> _Argument:
    return lambda _view, _base: value


def _path(text: str) -> _Argument | None:
    path = parse_path(text)
    if path is None:
        return None

    def find(view: View, base: JsonValue) -> JsonValue:
        found: Sequence[JsonValue] = path.find(view, base)
        if not path.definite:
            return list(found)
        if not found:
            shown = encode(path.start(view, base))
            raise IntrinsicError(
                f"The JsonPath argument for the field '{text}' could not be found in the input '{shown}'"
            )
        return found[0]

    return find


def _unescaped(text: str) -> str:
    # A backslash keeps braces and quotes from their meaning; braces are left to States.Format.
    return re.sub(r"\\([^{}])", r"\1", text)
