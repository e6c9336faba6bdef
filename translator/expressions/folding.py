"""Works out what of an expression is fixed once some of its names are: skipped nodes, edges known to be dead.

Works on the text, between brackets and the signs that bind least, and leaves alone what it does not know.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?P<token>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\$?[A-Za-z_]\w*|\$+|[0-9.]*[0-9]"""
    r"""|:=|!=|<=|>=|~>|\.\.|\*\*|[\s\S])"""
)
_UNREAD: Final = re.compile(r"[/`|]|\?\?|\?:|[(,]\s*\?")
"""Regular expressions, comments, quoted names, updates and placeholders: what holds them stays as it is."""
_LITERAL: Final = re.compile(r"""null|true|false|["'].*["']|[0-9][0-9.]*""", re.DOTALL)
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_OPENING.values())
_BEFORE: Final = frozenset({"", "(", "[", "{", ",", ":", "?", ";", ":="})
"""What stands before the whole of something; the empty text is the beginning."""
_BEHIND: Final = frozenset({"", ")", "]", "}", ",", ":", ";"})
_LOGIC: Final = frozenset({"and", "or"})
_FIXED: Final = frozenset({"null", "true", "false"})
_STEPS: Final = frozenset({".", "[", "(", "{", "^", "@", "#"})
_OPERATORS: Final = frozenset(
    {"=", "!=", "<", ">", "<=", ">=", "&", "+", "-", "*", "%", "and", "or", "in", "~>"}
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


def is_literal(text: str) -> bool:
    """Whether an expression is one text, number, `null`, `true` or `false`."""
    return _LITERAL.fullmatch(text) is not None


def folded(source: str) -> str:
    """The same expression, shorter where `null`, `true` or `false` stand in it; equal for every value."""
    if _UNREAD.search(_without_texts(source)):
        return source
    tokens = _tokens(source)
    changed = True
    while changed:
        changed = any(_once(tokens, at) for at in range(len(tokens)))
    return "".join(space + token for space, token in tokens)


def _without_texts(source: str) -> str:
    return re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", '""', source)


def _tokens(source: str) -> list[tuple[str, str]]:
    """Each token behind the space before it."""
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(source):
        token = match["token"]
        found.append((match.group()[: -len(token)], token))
    return found


def _once(tokens: list[tuple[str, str]], at: int) -> bool:
    """Whether something that begins at a token was folded."""
    return _unwrap(tokens, at) or _compare(tokens, at) or _decide(tokens, at) or _leave_out(tokens, at)


def _at(tokens: list[tuple[str, str]], at: int) -> str:
    return tokens[at][1] if 0 <= at < len(tokens) else ""


def _put(tokens: list[tuple[str, str]], start: int, end: int, kept: list[tuple[str, str]]) -> bool:
    """Replaces some tokens; the first one kept stands where the first one stood."""
    space = tokens[start][0]
    tokens[start:end] = [(space, kept[0][1]), *kept[1:]] if kept else []
    return True


def _unwrap(tokens: list[tuple[str, str]], at: int) -> bool:
    """`(null)` that no step follows, and that is not the argument of a call."""
    before = _at(tokens, at - 1)
    is_whole = before in _BEFORE or before in _OPERATORS
    if _at(tokens, at) != "(" or _at(tokens, at + 2) != ")" or not is_whole:
        return False
    if _LITERAL.fullmatch(_at(tokens, at + 1)) is None or _at(tokens, at + 3) in _STEPS:
        return False
    return _put(tokens, at, at + 3, [tokens[at + 1]])


def _compare(tokens: list[tuple[str, str]], at: int) -> bool:
    """`null != null` and the like."""
    one, sign, other = (_at(tokens, at + place) for place in range(3))
    before, behind = _at(tokens, at - 1), _at(tokens, at + 3)
    if one not in _FIXED or other not in _FIXED or sign not in {"=", "!="}:
        return False
    if before not in _BEFORE | _LOGIC or behind not in _BEHIND | _LOGIC | {"?"}:
        return False
    return _put(tokens, at, at + 3, [("", "true" if (one == other) == (sign == "=") else "false")])


def _decide(tokens: list[tuple[str, str]], at: int) -> bool:
    """`true ? a : b`."""
    asked = _at(tokens, at)
    if asked not in {"true", "false"} or _at(tokens, at + 1) != "?" or _at(tokens, at - 1) not in _BEFORE:
        return False
    middle = _end_of(tokens, at + 2)
    if _at(tokens, middle) != ":":
        return False
    end = _end_of(tokens, middle + 1)
    kept = tokens[at + 2 : middle] if asked == "true" else tokens[middle + 1 : end]
    return bool(kept) and _put(tokens, at, end, kept)


def _end_of(tokens: list[tuple[str, str]], at: int) -> int:
    """Where the expression ends that begins at a token: before what closes it or parts it from the next."""
    depth = asked = 0
    while at < len(tokens):
        sign = tokens[at][1]
        if depth == 0 and (sign in _CLOSING or sign in {",", ";"} or (sign == ":" and not asked)):
            return at
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if depth == 0:
            asked += (sign == "?") - (sign == ":")
        at += 1
    return at


def _leave_out(tokens: list[tuple[str, str]], at: int) -> bool:
    """`"key": (null).field`, which is nothing, so that the object has no such key."""
    before, key, colon = (_at(tokens, at + place) for place in range(3))
    if before not in {"{", ","} or key[:1] != '"' or colon != ":":
        return False
    end = _end_of_nothing(tokens, at + 3)
    behind = _at(tokens, end)
    if behind not in {",", "}"} or _closing_of(tokens, end) != "}":
        return False
    if before == ",":
        return _put(tokens, at, end, [])
    following = end + (behind == ",")
    tokens[following] = (tokens[at + 1][0], tokens[following][1])
    return _put(tokens, at + 1, following, [])


def _end_of_nothing(tokens: list[tuple[str, str]], at: int) -> int:
    """Behind `(null).a.b`, or `null.a.b`; where there is none of it, before everything."""
    wrapped = [_at(tokens, at + place) for place in range(3)] == ["(", "null", ")"]
    end = at + 3 if wrapped else -1
    steps = 0
    while end > 0 and _at(tokens, end) == "." and _NAME.fullmatch(_at(tokens, end + 1)):
        end, steps = end + 2, steps + 1
    return end if steps else -1


def _closing_of(tokens: list[tuple[str, str]], at: int) -> str:
    """The bracket that closes what the token stands in."""
    depth = 0
    while at < len(tokens):
        sign = tokens[at][1]
        if depth == 0 and sign in _CLOSING:
            return sign
        depth += (sign in _OPENING) - (sign in _CLOSING)
        at += 1
    return ""
