"""`$replace`, which adds up what all its replacements make before it joins them."""

from __future__ import annotations

from typing import Any

from jsonata2py import MISSING
from jsonata2py.runtime import core
from jsonata2py.runtime.strings.regex_ops import build_literal_regex
from jsonata2py.runtime.values import JLambda, JRegex

from translator.expressions.holding import hold_text


class _Made:
    """How many characters there are so far."""

    def __init__(self, characters: int) -> None:
        self._characters = characters

    def add(self, characters: int) -> None:
        self._characters += characters
        hold_text("$replace", self._characters)


class _CountingPattern:
    """A pattern that counts for each match what a template makes of it, at most."""

    def __init__(self, pattern: Any, template: str, made: _Made) -> None:
        self._pattern = pattern
        self._fixed = len(template)
        self._references = template.count("$")
        self._made = made

    def search(self, text: str, position: int = 0) -> Any:
        match = self._pattern.search(text, position)
        if match is not None:
            longest = max(map(len, (match.group(0), *match.groups(""))))
            self._made.add(self._fixed + self._references * longest)
        return match


def bounded_replace(text: Any, pattern: Any, replacement: Any, limit: Any = MISSING) -> Any:
    """As the library's. Raises JsonataEvaluationError where the text would become too large."""
    if isinstance(text, str):
        made = _Made(len(text))
        if isinstance(replacement, JLambda):
            replacement = _counting(replacement, made)
        elif isinstance(replacement, str):
            pattern = _counted(pattern, replacement, made)
    return core.fn_replace(text, pattern, replacement, limit)


def _counted(pattern: Any, template: str, made: _Made) -> Any:
    if isinstance(pattern, JRegex):
        return JRegex(pattern.pattern, pattern.flags, _CountingPattern(pattern.compiled, template, made))
    if isinstance(pattern, str) and pattern:
        return JRegex(pattern, "", _CountingPattern(build_literal_regex(pattern), template, made))
    return pattern


def _counting(replacement: JLambda, made: _Made) -> JLambda:
    def replace(match: Any) -> Any:
        result = core.fn_apply(replacement, match)
        if isinstance(result, str):
            made.add(len(result))
        return result

    return JLambda(replace, replacement.arity)
