"""What to tell the author of an expression that cannot be read."""

from __future__ import annotations

from typing import Any, Final

from translator.expressions.problem import ExpressionProblem

SYNTAX: Final = "WF252"
DEPTH: Final = "WF257"

_MESSAGES: Final = {
    "S0101": ("a text in quotes is not closed", "close it with the quote that opened it"),
    "S0102": ("a number is too large", "use a number below 1e308"),
    "S0103": (
        "an escape after a backslash is not known",
        'escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX',
    ),
    "S0104": ("\\u is not followed by four hexadecimal digits", "write it like \\u00e9"),
    "S0105": ("a name in backquotes is not closed", "close it with `"),
    "S0106": ("a comment is not closed", "close it with */"),
    "S0207": ("the expression ends too early", "something must follow the last operator"),
    "S0208": ("a parameter of a function must be a variable", "write it like function($x) { … }"),
    "S0209": ("a [ … ] may not follow a grouping { … }", "put the part before it into ( … )"),
    "S0210": ("a step may be grouped by { … } only once", "put the part before it into ( … )"),
    "S0212": ("what stands left of := must be a variable", "write it like $total := …"),
    "S0213": ("a number, true, false or null cannot be a step of a path", "put a field's name in backquotes"),
    "S0214": ("what follows @ or # must be a variable", "write it like items#$position"),
    "S0215": ("@ must stand before any [ … ] of its step", "move it in front of the ["),
    "S0216": ("@ must stand before the ^( … ) of its step", "move it in front of the ^"),
    "S0217": ("% has no parent to go to", "use % only behind a step of a path, as in a.b.%"),
    "S0302": ("a regular expression is not closed", "close it with /"),
}

_HABITS: Final = {
    "==": "JSONata compares with a single =",
    "&&": "JSONata writes `and`",
    "||": "JSONata writes `or`",
    "=>": "a function is written function($x) { … }",
    "!": "JSONata writes $not(…)",
    "++": "JSONata has no ++; write $x + 1",
    "${": "a variable is written $name, without braces",
}


def explain(error: Any, source: str) -> ExpressionProblem:
    """The problem for an exception of the library's parser (its codes are those of jsonata.js)."""
    message, hint = _message(error, source)
    end = min(max(error.location, 0), len(source))
    width = len(error.current) if error.error == "S0201" and isinstance(error.current, str) else 1
    start = max(end - max(width, 1), 0)
    return ExpressionProblem(SYNTAX, message, _habit(source, start, end) or hint, start, max(end, start))


def too_deep(source: str) -> ExpressionProblem:
    """The problem of an expression that no evaluator can be trusted with."""
    return ExpressionProblem(
        DEPTH,
        "the expression is nested too deeply",
        "split it: compute parts in `transform` nodes, or in a block ( $part := …; … )",
        0,
        len(source),
    )


def _message(error: Any, source: str) -> tuple[str, str]:
    if error.error == "S0301":
        if error.current is not None:
            return _MESSAGES["S0103"]
        return "a regular expression is empty", "write what it shall match between the slashes"
    if error.error == "S0202":
        return (
            f'"{error.current}" was expected, but "{error.expected}" stands here',
            "check the brackets and commas",
        )
    if error.error == "S0203":
        return (
            f'"{error.current}" is missing at the end of the expression',
            "close every bracket that is open",
        )
    if error.error in _MESSAGES:
        return _MESSAGES[error.error]
    if error.error.startswith("S04"):
        return "the signature of a function cannot be read", "write it like <n-s:b>, or leave it out"
    token = error.current
    if token is None or token in {"", "(end)"}:
        return _MESSAGES["S0207"] if source.strip() else ("the expression is empty", "write an expression")
    return f'"{token}" cannot stand here', "check what stands before it; a text needs quotes"


def _habit(source: str, start: int, end: int) -> str | None:
    near = source[max(start - 1, 0) : end + 1]
    return next((hint for habit, hint in _HABITS.items() if habit in near), None)
