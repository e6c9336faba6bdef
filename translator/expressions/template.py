"""Splits a parameter's text into what stands as it is and what is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.expressions.problem import ExpressionProblem

UNTERMINATED: Final = "WF250"
EMPTY: Final = "WF251"

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


@lru_cache(maxsize=8192)
def parse_template(text: str) -> Template:
    """Splits `text` at its `{% … %}`; never raises."""
    parts: list[TextPart | ExpressionPart] = []
    problems: list[ExpressionProblem] = []
    done = 0
    while (start := text.find(OPEN, done)) >= 0:
        end = find_end(text, start + len(OPEN))
        if end is None:
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


_TOKEN: Final = re.compile(
    r"""
    (?P<skip> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*` | /\*.*?\*/ )
    | (?P<close> %\} )
    | (?P<regex> / (?:[^/\\\[\n] | \\. | \[ (?:[^\]\\]|\\.)* \] )+ / )
    | (?P<brace> [{}] )
    | \s+ | [\w$]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)

_OPERAND_END: Final = re.compile(r"""[\w$"'`)\]}]""")


def find_end(text: str, start: int) -> int | None:
    """The offset of the `%}` that ends the expression which begins at `start`.

    A `%}` inside a text, a comment, a name in backquotes, a regular expression or an open `{` belongs to
    the expression. If its quotes or braces never close, the first `%}` ends it: then the expression itself
    is wrong, and what follows may not be.
    """
    depth, at, before = 0, start, ""
    while (match := _TOKEN.match(text, at)) is not None:
        piece = match.group()
        if match.lastgroup == "regex" and _OPERAND_END.match(before):
            piece = "/"
        elif match.lastgroup == "close" and depth == 0:
            return at
        elif match.lastgroup == "close":
            piece = "%"
        elif match.lastgroup == "brace":
            depth += 1 if piece == "{" else -1
        at += len(piece)
        before = piece[-1] if piece.strip() and not piece.startswith("/*") else before
    first = text.find(CLOSE, start)
    return first if first >= 0 else None


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
