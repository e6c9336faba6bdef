"""Splits a parameter's text into what stands as it is and what is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.expressions.problem import ExpressionProblem

UNTERMINATED: Final = "WF250"
EMPTY: Final = "WF251"
TOO_LARGE: Final = "WF257"

OPEN: Final = "{%"
CLOSE: Final = "%}"


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text that stands as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class ExpressionPart:
    """An expression without its markers and the spaces inside them; `start` is its offset in the text."""

    source: str
    start: int


@dataclass(frozen=True, slots=True)
class Template:
    """One text, split. A problem's offsets count from the start of `text`."""

    text: str
    parts: tuple[TextPart | ExpressionPart, ...]
    problems: tuple[ExpressionProblem, ...] = ()

    @property
    def expressions(self) -> tuple[ExpressionPart, ...]:
        """The parts that are evaluated."""
        return tuple(part for part in self.parts if isinstance(part, ExpressionPart))

    @property
    def whole(self) -> ExpressionPart | None:
        """The expression, if the text is nothing but one: its value is then of any type, not a text.

        Line ends around it, as YAML's block texts have them, do not count.
        """
        around = [part.text for part in self.parts if isinstance(part, TextPart)]
        only_lines = all(not text.strip() and "\n" in text for text in around)
        return self.expressions[0] if len(self.expressions) == 1 and only_lines else None


@lru_cache(maxsize=65_536)
def parse_template(text: str) -> Template:
    """Splits `text` at its `{% … %}`; never raises.

    Where the quotes or braces of an expression never close, the first `%}` ends it: then the expression
    itself is wrong, and what follows may not be.
    """
    if len(text) > MAX_LENGTH and OPEN in text:
        return Template(text, (), (_too_long(text),))
    parts: list[TextPart | ExpressionPart] = []
    problems: list[ExpressionProblem] = []
    done = broken = 0
    while (start := text.find(OPEN, done)) >= 0:
        end = _end_of_expression(text, start + len(OPEN)) if broken < _MAX_BROKEN else None
        if end is None:
            broken += 1
            end = text.find(CLOSE, start + len(OPEN))
        if end < 0:
            problems.append(_unterminated(start, len(text)))
            break
        if start > done:
            parts.append(TextPart(text[done:start]))
        done = end + len(CLOSE)
        inner = text[start + len(OPEN) : end]
        if inner.strip():
            offset = start + len(OPEN) + len(inner) - len(inner.lstrip())
            parts.append(ExpressionPart(inner.strip(), offset))
        else:
            problems.append(_empty(start, done))
    if done < len(text):
        parts.append(TextPart(text[done:]))
    return Template(text, tuple(parts), tuple(problems))


MAX_LENGTH: Final = 100_000
"""Of a text with expressions, in characters: far above what a state machine can hold of one."""

_MAX_BROKEN: Final = 20
"""After so many expressions that do not end as they should, each ends at its first `%}`."""

_PIECE: Final = re.compile(r"%\}|[\w$.]+|\s+|/\*|.", re.DOTALL)
_OPERAND_END: Final = re.compile(r"""[\w$"'`)\]}]""")


def _end_of_expression(text: str, start: int) -> int | None:
    """The offset of the `%}` that ends the expression which begins at `start`, or None if nothing does.

    A `%}` inside a text, a comment, a name in backquotes, a regular expression or an open `{` belongs to
    the expression.
    """
    depth, at, before = 0, start, ""
    while (match := _PIECE.match(text, at)) is not None:
        piece, at = match.group(), match.end()
        if piece == CLOSE and depth == 0:
            return match.start()
        if piece in {"{", "}", CLOSE}:
            depth += 1 if piece == "{" else -1
        elif piece == "/*" or piece in _CLOSED_BY or (piece == "/" and not _OPERAND_END.match(before)):
            closed = _skip(text, at, piece)
            if closed is None:
                return None
            at = closed
        before = before if piece.isspace() or piece == "/*" else piece[-1]
    return None


_CLOSED_BY: Final = {
    '"': re.compile(r"""(?:[^"\\]|\\.)*+\"""", re.DOTALL),
    "'": re.compile(r"""(?:[^'\\]|\\.)*+'""", re.DOTALL),
    "`": re.compile(r"[^`]*+`"),
}
_BRACKETS: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def _skip(text: str, at: int, opening: str) -> int | None:
    """The offset behind what `opening` began, or None if it never closes."""
    if opening == "/":
        return _behind_regex(text, at)
    if opening == "/*":
        end = text.find("*/", at)
        return end + 2 if end >= 0 else None
    match = _CLOSED_BY[opening].match(text, at)
    return match.end() if match else None


def _behind_regex(text: str, at: int) -> int | None:
    """JSONata ends a regular expression at the first `/` outside brackets."""
    depth = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == "/" and depth == 0:
            return at + 1
        depth += _BRACKETS.get(character, 0)
        at += 1
    return None


def _unterminated(start: int, end: int) -> ExpressionProblem:
    return ExpressionProblem(
        UNTERMINATED,
        f'an expression begins with "{OPEN}" but does not end',
        f'put "{CLOSE}" behind it',
        start,
        end,
    )


def _empty(start: int, end: int) -> ExpressionProblem:
    return ExpressionProblem(
        EMPTY,
        f'there is no expression between "{OPEN}" and "{CLOSE}"',
        "write one, or remove the markers",
        start,
        end,
    )


def _too_long(text: str) -> ExpressionProblem:
    return ExpressionProblem(
        TOO_LARGE,
        f"a text with expressions has {len(text):,} characters",
        f"write at most {MAX_LENGTH:,}; large fixed data can be a parameter of its own, without expressions",
        0,
        1,
    )
