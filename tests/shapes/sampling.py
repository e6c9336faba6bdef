"""Random schemas with values that fit them, and random expressions that read those values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

FIELDS: Final = ("f", "g", "h")
NAMES: Final = ("a", "b", "c")
TEXTS: Final = ("", "f", "x", "open", "12")

Values = Callable[[], Any]
Schema = tuple[Any, Values]
"""A JSON Schema, and what gives values that fit it."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_OPERATORS: Final = ("+", "-", "*", "&", "=", "!=", "<", ">=", "and", "or", "in")
_OF_ONE: Final = _words(
    """
    string length uppercase trim number abs floor sum max average count boolean not exists type
    reverse distinct keys spread merge sort zip join base64encode parse clone sift each single error
    hash toMillis
    """
)
_OF_TWO: Final = _words(
    """
    append contains split join lookup substring map filter reduce each sift sort single zip
    partition round power pad match hash range substringBefore lookup map append
    """
)
_LEAVES: Final = _words(
    """
    1 0 2.5 'open' 'f' true null [] {} $ $$ function($x){$x} $string $sum /x/ ([1..3]) [$a,'x']
    [[1],$b] $substring(?,1) $$.f * %
    """
)
_ONE: Final = (
    "({0}).{field}",
    "({0}).{field}",
    "({0})[{index}]",
    "({0})[]",
    "-({0})",
    "($p := {0}; [$p])",
    "${one}({0})",
    "${one}({0})",
    "({0} ~> ${one})",
    "({0}).${context}()",
    "[{0}]",
    "({0}).*",
    "({0}).**",
    "${name}.{field}[{0}]",
    "${name}[].{field}.({0})",
    "${name}.{field}[].({0}).{field}",
)
_TWO: Final = (
    "({0} {operator} {1})",
    "({0} {operator} {1})",
    "({0})[{1}]",
    "({0}).({1})",
    "({0}).[{1}]",
    "({0}).[{1}].{field}",
    "({0}).{{'f': {1}}}",
    "({0}){{f: {1}}}",
    "({0}){{'f': {1}}}",
    "(({0})^({1}))",
    "[{0}, {1}]",
    "{{'f': {0}, 'g': {1}}}",
    "{{$string({0}): {1}}}",
    "({0} ? {1})",
    "(${name} := {0}; {1})",
    "function(${name}){{ {0} }}({1})",
    "($f := function($x, $y){{ {0} }}; $x := {1}; $f($x, 1))",
    "($f := function($x){{ $y }}; $y := {0}; $f({1}))",
    "($f := function($x){{ $x > 0 ? $f($x - 1) : {0} }}; $f({1}))",
    "${two}({0}, {1})",
    "${two}({0}, {1})",
    "${higher}({0}, function($x, $y){{ {1} }})",
    "${higher}({0}, function($x, $y){{ {1} }})",
    "$reduce({0}, function($x, $y){{ {1} }})",
    "$sort({0}, function($x, $y){{ {1} }})",
    "({0} ~> |$|{{'g': {1}}}|)",
    "({0} ~> |f|{{'g': {1}}}, 'h'|)",
    "({0} ~> ${two}({1}))",
    "({0}).f#${name}.({1})",
    "({0}).f@${name}.({1})",
    "function($x)<a:x>{{ {0} }}({1})",
)
_THREE: Final = (
    "({0} ? {1} : {2})",
    "({0} ? ${name} := {1}; {2})",
    "$reduce({0}, function($x, $y){{ {1} }}, {2})",
    "$reduce({0}, function($x, $y){{ $append($x, {1}) }}, {2})",
    "(${name} := {0}; ${name} := {1}; {2})",
    "$substring({0}, {1}, {2})",
    "{{'f': {0}, 'g': {1}}}.({2})",
    "[{0}, {1}].({2})",
    "[{0}, {1}][{2}]",
)


@dataclass(frozen=True)
class Sampler:
    """Everything that is drawn from one seed."""

    random: Random

    def schema(self, size: int = 5) -> Schema:
        """A schema of about so many parts."""
        if size <= 1 or self.random.random() < 0.15:
            return self._scalar()
        return self.random.choice([self._object, self._object, self._array, self._either])(size - 1)

    def _scalar(self) -> Schema:
        random = self.random
        numbers = (-2, 0, 1, 3, 0.5)
        return random.choice(
            [
                ({"type": "null"}, lambda: None),
                ({"type": "boolean"}, lambda: random.choice([True, False])),
                ({"type": "number"}, lambda: random.choice(numbers)),
                ({"type": "integer"}, lambda: random.randint(-2, 3)),
                ({"type": "string"}, lambda: random.choice(TEXTS)),
                ({"enum": ["open", "x"]}, lambda: random.choice(["open", "x"])),
                ({"const": 3}, lambda: 3),
                ({"type": ["string", "null"]}, lambda: random.choice([*TEXTS, None])),
                ({}, lambda: random.choice([None, True, 1, "x", [], ["f"], {"f": 1}, [[1]]])),
                (True, lambda: {name: 1 for name in FIELDS if random.random() < 0.5}),
            ]
        )

    def _object(self, size: int) -> Schema:
        random = self.random
        names = random.sample(FIELDS, random.randint(0, 3))
        parts = {name: self.schema(size // max(1, len(names))) for name in names}
        required = [name for name in names if random.random() < 0.5]
        properties = {name: schema for name, (schema, _) in parts.items()}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
        others = random.choice(["none", "any", "numbers"])
        if others != "any":
            schema["additionalProperties"] = False if others == "none" else {"type": "number"}

        def value() -> dict[str, Any]:
            found = {} if others == "none" or random.random() < 0.5 else {"more": 7}
            for name, (_, inner) in parts.items():
                if name in required or random.random() < 0.5:
                    found[name] = inner()
            return found

        return schema, value

    def _array(self, size: int) -> Schema:
        schema, inner = self.schema(size)

        def value() -> list[Any]:
            return [inner() for _ in range(self.random.randint(0, 3))]

        return {"type": "array", "items": schema}, value

    def _either(self, size: int) -> Schema:
        (one, first), (other, second) = self.schema(size // 2), self.schema(size // 2)
        keyword = self.random.choice(["anyOf", "oneOf"])

        def value() -> Any:
            chosen = self.random.choice([first, second])
            return chosen()

        return {keyword: [one, other]}, value

    def expression(self, size: int = 6) -> str:
        """An expression of at most so many parts, which may fail or mean nothing."""
        if size <= 1:
            return self._leaf()
        random = self.random
        forms, count = random.choice([(_ONE, 1), (_ONE, 1), (_TWO, 2), (_TWO, 2), (_THREE, 3)])
        largest = max(1, (size - 1) // count + 1) if size > 2 else 1
        inner = [self.expression(random.randint(1, largest)) for _ in range(count)]
        return random.choice(forms).format(
            *inner,
            field=random.choice([*FIELDS, "more", '"g"', "*"]),
            index=random.choice(["0", "-1", "1"]),
            one=random.choice(_OF_ONE),
            context=random.choice(
                ["string", "length", "uppercase", "keys", "number", "abs", "not", "spread"]
            ),
            two=random.choice(_OF_TWO),
            higher=random.choice(["map", "filter", "single", "sift", "each"]),
            name=random.choice([*NAMES, "x", "y"]),
            operator=random.choice(_OPERATORS),
        )

    def _leaf(self) -> str:
        random = self.random
        if random.random() < 0.2:
            return random.choice(_LEAVES)
        if random.random() < 0.15:
            return random.choice(FIELDS)
        name = random.choice([*NAMES, *NAMES, "x", "y"])
        return ".".join([f"${name}", *random.choices(FIELDS, k=random.randint(0, 2))])
