"""Paths of JSONPath mode: `$`, `$$` and `$variable` with fields, indexes, slices, wildcards and filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from translator.expressions.evaluator import Ambient
from translator.interpreter.failure import PathFailure
from translator.interpreter.path_filter import Matches, compile_filter
from translator.interpreter.path_function import FUNCTIONS, PathFunction
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_NAME: Final = r"[^\s.\[\]'\"()?@*,]+"
_QUOTED: Final = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_STEP: Final = re.compile(
    rf"""\.\.(?P<below>{_NAME}|\*|(?=\[))|\.(?P<name>{_NAME})|\[(?P<keys>(?:{_QUOTED})(?:\s*,\s*(?:{_QUOTED}))*)\]"""
    r"""|\[(?P<indexes>-?\d+(?:\s*,\s*-?\d+)*)\]|\[(?P<from>-?\d*):(?P<to>-?\d*)(?::(?P<by>-?\d+))?\]"""
    r"""|(?P<all>\[\*\]|\.\*)"""
)
_CALL: Final = re.compile(r"\.(?P<name>\w+)\(\)$")
_ROOT: Final = re.compile(r"\$\$|\$(?P<variable>[A-Za-z_]\w*)?")
_INDEXED: Final = re.compile(r"\[-?\d+\]$")
_FILTER: Final = "[?("

Names: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class View:
    """What a path or function sees beside `$`: the names in scope, the clock and the randomness."""

    names: Names
    ambient: Ambient


Select: TypeAlias = "Callable[[View, JsonValue], JsonValue]"
"""Gives the value on what is in view and on what `$` is; raises PathFailure where nothing is there."""
_Step: TypeAlias = "Callable[[JsonValue], Sequence[JsonValue]]"


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path; `definite` where it finds one value at most.

    A `function` makes one of what the steps find; they gather a list of it, or find one thing at most.
    `indexed` where the last step picks one item of an array.
    """

    text: str
    root: str
    variable: str | None
    steps: tuple[_Step, ...]
    definite: bool
    function: PathFunction | None = None
    gathers: bool = False
    indexed: bool = False

    def start(self, view: View, base: JsonValue) -> JsonValue:
        """What the steps begin with; raises PathFailure for a variable that there is not."""
        if self.variable is not None:
            if self.variable not in view.names or self.variable == "states":
                raise PathFailure(f"The variable '{self.root}' is not defined")
            return view.names[self.variable]
        states = view.names["states"]
        return states["context"] if self.root == "$$" and isinstance(states, Mapping) else base

    def find(self, view: View, base: JsonValue) -> list[JsonValue]:
        """All that the path finds, in order."""
        found: list[JsonValue] = [self.start(view, base)]
        for step in self.steps:
            found = [item for value in found for item in step(value)]
        if self.function is None or not found:
            return found
        return self.function(found if self.gathers else found[0])

    def select(self, view: View, base: JsonValue, field: str, *, lenient: bool = False) -> JsonValue:
        """The one value, or the list where there may be several; raises PathFailure of the field.

        `lenient`: an index past the array's end is null (measured on the service: in a payload template).
        """
        found = self.find(view, base)
        if not self.definite:
            return found
        if not found and lenient and self.indexed:
            arrays = replace(self, steps=self.steps[:-1]).find(view, base)
            if arrays and isinstance(arrays[0], list):
                return None
        if not found:
            raise PathFailure(
                f"The JSONPath '{self.text}' specified for the field '{field}' could not be found in the "
                f"input '{encode(self.start(view, base))}'"
            )
        return found[0]


def parse_path(text: str) -> Path | None:
    """The path, or None if the text is none."""
    root = _ROOT.match(text)
    if root is None:
        return None
    call = _CALL.search(text)
    steps = _steps(text[root.end() : len(text) if call is None else call.start()])
    if steps is None or (call is not None and call["name"] not in FUNCTIONS):
        return None
    single = all(kind for kind, _ in steps)
    function = None if call is None else FUNCTIONS[call["name"]]
    return Path(
        text=text,
        root=root.group(),
        variable=root["variable"],
        steps=tuple(step for _, step in steps),
        definite=single or function is not None,
        function=function,
        gathers=not single,
        indexed=single and function is None and _INDEXED.search(text) is not None,
    )


def compile_path(text: str, field: str, *, lenient: bool = False) -> Select | None:
    """The selection that the path of the field means, or None if it is no path."""
    path = parse_path(text)
    return None if path is None else lambda view, base: path.select(view, base, field, lenient=lenient)


def _steps(text: str) -> list[tuple[bool, _Step]] | None:
    steps: list[tuple[bool, _Step]] = []
    while text:
        if text.startswith(_FILTER):
            end = _filter_end(text)
            matches = None if end is None else compile_filter(text[len(_FILTER) : end])
            if end is None or matches is None:
                return None
            steps.append((False, _filtered(matches)))
            text = text[end + 2 :]
            continue
        match = _STEP.match(text)
        if match is None:
            return None
        steps.extend(_step(match))
        text = text[match.end() :]
    return steps


def _filter_end(text: str) -> int | None:
    """Where the `)]` of the filter stands that the text begins with."""
    quote = ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif text.startswith(")]", place):
            return place
    return None


def _step(match: re.Match[str]) -> Iterator[tuple[bool, _Step]]:
    """Whether each step finds one value at most, and the step."""
    if match["keys"] is not None:
        names = [_unquoted(key) for key in re.findall(_QUOTED, match["keys"])]
        yield len(names) == 1, _fields(names)
    elif match["indexes"] is not None:
        indexes = [int(index) for index in match["indexes"].split(",")]
        yield len(indexes) == 1, _items(indexes)
    elif match["all"] is not None:
        yield False, _all
    elif match["from"] is not None:
        ends = (match["from"], match["to"], match["by"])
        bounds = slice(*(int(end) if end else None for end in ends))
        yield False, lambda value: value[bounds] if isinstance(value, list) else []
    elif match["below"] is not None:
        yield False, _below
        if match["below"]:
            yield False, _all if match["below"] == "*" else _fields([match["below"]])
    else:
        yield True, _fields([match["name"]])


def _unquoted(text: str) -> str:
    # Recorded: a backslash before another character than the quote is itself.
    return text[1:-1].replace(f"\\{text[0]}", text[0])


def _fields(names: Sequence[str]) -> _Step:
    return lambda value: (
        [value[name] for name in names if name in value] if isinstance(value, Mapping) else []
    )


def _items(indexes: Sequence[int]) -> _Step:
    def step(value: JsonValue) -> Sequence[JsonValue]:
        if not isinstance(value, list):
            return []
        return [value[index] for index in indexes if -len(value) <= index < len(value)]

    return step


def _all(value: JsonValue) -> Sequence[JsonValue]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def _below(value: JsonValue) -> Sequence[JsonValue]:
    """The value and all that is in it, the outer before the inner."""
    return [value, *(inner for part in _all(value) for inner in _below(part))]


def _filtered(matches: Matches) -> _Step:
    def step(value: JsonValue) -> Sequence[JsonValue]:
        parts = value if isinstance(value, list) else [value]
        return [part for part in parts if matches(part)]

    return step
