"""Checks every machine that is about to be emitted; what it finds is our bug, never the author's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from translator.diagnostics import InternalError
from translator.verify import catching, expressions, structure, variables


def verify(document: Mapping[str, Any]) -> None:
    """Raises InternalError naming everything that is wrong with an emitted state machine."""
    problems = list(find_problems(document))
    if problems:
        raise InternalError("the translator made a faulty state machine: " + "; ".join(problems))


def find_problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every breach: targets, reachability, names, catchers, and variables read before they are assigned."""
    found = list(structure.problems(document))
    yield from found
    yield from catching.problems(document)
    yield from expressions.problems(document)
    if not found:
        yield from variables.problems(document)
