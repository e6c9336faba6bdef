"""What stands behind a command's name, read."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from translator.debugger import Debugger
from translator.debugger.errors import CommandError, UnknownNameError, meant
from translator.debugger.expression import Question, question
from translator.expressions.evaluator import NOTHING
from translator.json_value import JsonValue

_NODE: Final = re.compile(r"\$?(?P<node>[A-Za-z_]\w*)(?:\[(?P<iteration>\d+(?:\s*,\s*\d+)*)\])?")
_IF: Final = re.compile(r"(?:^|\s)if\s")


def number_of(text: str, default: int = 1) -> int:
    """A count from 1; raises CommandError."""
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise CommandError(f'"{text}" is no number', "write a whole number from 1 on, or nothing")
    return int(text)


def nothing_more(text: str) -> None:
    """Raises CommandError if something stands where nothing is expected."""
    if text:
        raise CommandError(f'"{text}" means nothing here', "write the command alone")


def words_of(text: str) -> list[str]:
    """Words, those in quotes as one; raises CommandError."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise CommandError(f"{text!r} cannot be read: {error}", "close the quotes") from error


def value_of(text: str, debugger: Debugger) -> JsonValue:
    """JSON, `@FILE` with JSON, or an expression at this point; raises CommandError, ExpressionError."""
    if not text:
        raise CommandError(
            "there is no value", 'write JSON such as {"id": 1}, or an expression such as $price'
        )
    if text.startswith("@"):
        return _json_of_file(Path(text[1:]))
    try:
        found: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        value = debugger.evaluate(text)
        return None if value is NOTHING else value
    return found


def _json_of_file(path: Path) -> JsonValue:
    try:
        text = path.read_text(encoding="utf-8")
        found: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except (OSError, ValueError) as error:
        raise CommandError(
            f'"{path}" cannot be read as JSON: {error}', "name a file with one JSON value"
        ) from error
    return found


def _refuse_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is not JSON")


def assigned(text: str) -> tuple[str, str]:
    """What stands on both sides of the first `=`; raises CommandError."""
    target, equals, value = text.partition("=")
    if not equals or not target.strip():
        raise CommandError(f'"{text}" is no NAME = VALUE', 'such as: charge = {"id": "pay-1"}')
    return target.strip(), value.strip()


def node_of(text: str, debugger: Debugger) -> tuple[str, tuple[int, ...] | None]:
    """`charge` or, in loops and bodies, `charge[2]`; raises CommandError, UnknownNameError."""
    match = _NODE.fullmatch(text)
    if match is None:
        raise CommandError(
            f'"{text}" is no node', "write its id; in loops and bodies charge[2], counted from 0"
        )
    node = debugger.program.node(match["node"]).id
    numbers = match["iteration"]
    return node, None if numbers is None else tuple(int(each) for each in numbers.split(","))


def conditioned(text: str, debugger: Debugger) -> tuple[str, Question | None]:
    """What stands before `if`, and the condition behind it; raises ExpressionError, UnknownNameError."""
    match = _IF.search(f"{text} ")
    if match is None:
        return text.strip(), None
    return text[: match.start()].strip(), question(text[match.end() :], debugger.program)


def edge_of(text: str, debugger: Debugger) -> tuple[str, str]:
    """`a -> b`; raises UnknownNameError where the definition has no such edge."""
    source, _, target = (part.strip() for part in text.partition("->"))
    program = debugger.program
    program.node(source)
    targets = [edge.to for edge in program.edges.get(source, ())]
    if target not in targets:
        raise UnknownNameError(f'no edge leads from "{source}" to "{target}"', _ways(source, target, targets))
    return source, target


def _ways(source: str, target: str, targets: Sequence[str]) -> str:
    if not targets:
        return f'none leaves "{source}"'
    return f'of those from "{source}": {meant(target, targets)}'
