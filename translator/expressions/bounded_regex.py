"""Regular expressions of an expression, searched for no longer than the evaluation may take.

The library itself looks at its clock between steps only, and one search is one step.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonata2py import JsonataEvaluationError
from jsonata2py.parser.lexer import Lexer
from jsonata2py.parser.tokens import TokenType
from jsonata2py.runtime.strings.regex_ops import regex_value
from jsonata2py.runtime.values import JRegex

_NAME = "steploom_regex_"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled pattern as the library searches with it, until `deadline` on the monotonic clock."""

    pattern: Any
    deadline: float

    def search(self, text: str, position: int = 0) -> Any:
        left = self.deadline - time.monotonic()
        try:
            if left > 0:
                # Other threads go on meanwhile.
                return self.pattern.search(text, position, timeout=left, concurrent=True)
        except TimeoutError:
            pass
        raise JsonataEvaluationError("U1001", "Expression evaluation timeout")


def lift(source: str) -> tuple[str, Mapping[str, JRegex]]:
    """The expression with a variable for each of its regular expressions, and these by variable name."""
    if "/" not in source:
        return source, {}
    tokens = Lexer.tokenize(source)
    found: dict[str, JRegex] = {}
    text, end = "", 0
    for token in tokens:
        if token.type is not TokenType.REGEX:
            continue
        pattern, _, flags = token.value.rpartition("/")
        name = f"{_NAME}{len(found)}"
        found[name] = regex_value(pattern, flags)
        text += f"{source[end : token.position]}${name}"
        # The literal is its two slashes, the pattern as it stands and the flags.
        end = token.position + len(token.value) + 1
    return text + source[end:], found


def bound(patterns: Mapping[str, JRegex], seconds: float) -> Mapping[str, JRegex]:
    """The same patterns for one evaluation that begins now."""
    deadline = time.monotonic() + seconds
    return {
        name: JRegex(found.pattern, found.flags, _Pattern(found.compiled, deadline))
        for name, found in patterns.items()
    }
