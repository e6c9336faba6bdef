"""Reference paths of JSONPath mode: `$`, `$$` and `$variable` with fields, indexes, slices and `[*]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from translator.interpreter.failure import PathFailure
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_STEP: Final = re.compile(
    r"""\.(?P<name>[^\s.\[\]'"()?@*]+)|\['(?P<quoted>(?:[^'\\]|\\.)*)'\]|\[(?P<index>-?\d+)\]"""
    r"""|\[(?P<from>-?\d*):(?P<to>-?\d*)\]|(?P<all>\[\*\]|\.\*)"""
)
_ROOT: Final = re.compile(r"\$\$|\$(?P<variable>[A-Za-z_]\w*)?")

Names: TypeAlias = Mapping[str, JsonValue]
Select: TypeAlias = "Callable[[Names, JsonValue], JsonValue]"
"""Gives the value on the names in scope and on what `$` is; raises PathFailure where nothing is there."""
_Step: TypeAlias = "Callable[[JsonValue], Sequence[JsonValue]]"


def compile_path(text: str, field: str) -> Select | None:
    """The selection that the path of the field means, or None if it is no path that runs here."""
    root = _ROOT.match(text)
    steps = None if root is None else _steps(text[root.end() :])
    if root is None or steps is None:
        return None
    definite = all(kind for kind, _ in steps)
    variable = root["variable"]

    def select(names: Names, base: JsonValue) -> JsonValue:
        start = _root(root.group(), variable, names, base)
        found: list[JsonValue] = [start]
        for _, step in steps:
            found = [item for value in found for item in step(value)]
        if not definite:
            return found
        if not found:
            raise PathFailure(
                f"The JSONPath '{text}' specified for the field '{field}' could not be found in the input "
                f"'{encode(start)}'"
            )
        return found[0]

    return select


def _root(root: str, variable: str | None, names: Names, base: JsonValue) -> JsonValue:
    if variable is not None:
        if variable not in names or variable == "states":
            raise PathFailure(f"The variable '{root}' is not defined")
        return names[variable]
    states = names["states"]
    return states["context"] if root == "$$" and isinstance(states, Mapping) else base


def _steps(text: str) -> list[tuple[bool, _Step]] | None:
    steps: list[tuple[bool, _Step]] = []
    while text:
        match = _STEP.match(text)
        if match is None:
            return None
        steps.append(_step(match))
        text = text[match.end() :]
    return steps


def _step(match: re.Match[str]) -> tuple[bool, _Step]:
    """Whether the step finds one value at most, and the step."""
    if match["index"] is not None:
        return True, _item(int(match["index"]))
    if match["all"] is not None:
        return False, _all
    if match["from"] is not None:
        bounds = slice(*(int(end) if end else None for end in (match["from"], match["to"])))
        return False, lambda value: value[bounds] if isinstance(value, list) else []
    name = match["name"]
    return True, _field(re.sub(r"\\(.)", r"\1", match["quoted"]) if name is None else name)


def _field(name: str) -> _Step:
    return lambda value: [value[name]] if isinstance(value, Mapping) and name in value else []


def _item(index: int) -> _Step:
    def step(value: JsonValue) -> Sequence[JsonValue]:
        if not isinstance(value, list) or not -len(value) <= index < len(value):
            return []
        return [value[index]]

    return step


def _all(value: JsonValue) -> Sequence[JsonValue]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
