"""One case judged: compiled at every optimize level, run, and held to the semantics."""

from __future__ import annotations

import traceback
from typing import Literal, TypeAlias

from tests.properties.agreement import delays, disagreements
from tests.properties.cases import Case
from tests.properties.machine import compiled, execute

Level: TypeAlias = Literal[0, 1, 2]
LEVELS: tuple[Level, ...] = (0, 1, 2)


def wrong(case: Case) -> tuple[str, list[str]]:
    """The kind of failure at the first optimize level that has one, empty if none has, and what it is."""
    for level in LEVELS:
        kind, lines = wrong_at(case, level)
        if kind:
            return f"{kind} at level {level}", lines
    return "", []


def wrong_at(case: Case, level: Level) -> tuple[str, list[str]]:
    """The kind of failure, empty if there is none, and what it is.

    A drawn loop may read what an inner loop has always forgotten by then: that must be refused.
    """
    try:
        compilation = compiled(case, level)
        if any(one.code == "WF310" for one in compilation.diagnostics):
            return "", []
        machine = execute(case, compilation)
    except Exception as error:
        return type(error).__name__, [str(error), *traceback.format_tb(error.__traceback__)[-3:]]
    found = disagreements(case, machine)
    if found:
        return "disagreement", found
    has_barrier = any(one.code.startswith("WF4") for one in compilation.diagnostics)
    late = [] if has_barrier else delays(case, machine)
    return ("delay without a note" if late else "", late)
