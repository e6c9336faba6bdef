"""Evaluates a definition as far as pins decide it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from translator.checks.facts import Facts
from translator.definition.positions import join_pointer
from translator.diagnostics import Diagnostic, Position
from translator.pins.cut import Cut, cut_at
from translator.pins.mistakes import mistakes, trigger_of
from translator.pins.request import Request
from translator.resolve.nesting import RESULT_OF
from translator.resolve.uses import OUTPUT, Use

UNREADABLE: Final = "WF362"


@dataclass(frozen=True)
class Rest:
    """What is left of a definition, with the facts of its smaller graph; nothing if there are mistakes."""

    diagnostics: tuple[Diagnostic, ...]
    cut: Cut | None = None
    facts: Facts | None = None


def evaluate(facts: Facts, request: Request) -> Rest:
    """The rest of a definition whose loops make sense."""
    found = tuple(mistakes(facts, request))
    trigger = trigger_of(facts, request)
    if found or trigger is None:
        return Rest(found)
    if not request.pins:
        return Rest((), None, facts)
    readers = {use.reader for use in facts.resolved.uses if use.name == "error"}
    wanted = {use.name for use in facts.resolved.uses if use.reader == OUTPUT}
    cut = cut_at(facts.resolved.graph, facts.loops, request.pins, trigger, readers, wanted)
    rest = Facts(replace(facts.resolved, graph=cut.graph))
    return Rest(tuple(_unreadable(facts, rest, request, cut)), cut, rest)


def case_mistakes(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with the pins of the definition's own tests."""
    definition = facts.resolved.definition
    first = definition.triggers[0].id if definition.triggers else facts.resolved.graph.triggers[0]
    for index, case in enumerate(definition.tests):

        def place(pointer: str, index: int = index) -> Position:
            # Its trigger is chosen by the payload that the test gives.
            pointer = "/trigger/id" if pointer == "trigger" else f"/{pointer}"
            return facts.resolved.positions.at(f"{join_pointer('/tests', index)}{pointer}")

        request = Request(case.pins, case.variables, case.trigger.get("id", first), place)
        if not request.is_empty and facts.is_structured:
            yield from evaluate(facts, request).diagnostics


def _unreadable(facts: Facts, rest: Facts, request: Request, cut: Cut) -> Iterator[Diagnostic]:
    """What is read of nodes that neither are pinned nor come before their readers any more."""
    for read in facts.resolved.uses:
        use = replace(read, reader=_outermost(facts, read.reader))
        is_open = use.name in facts.resolved.graph.nodes and use.name not in request.pins
        is_own = use.name == use.reader and not use.is_edge
        if not is_open or is_own or use.name in cut.fates.skipped or not _is_read(use, request, cut):
            continue
        if not _comes_before(use, rest, cut):
            reader = "the output" if use.reader == OUTPUT else f'node "{read.reader.removeprefix(RESULT_OF)}"'
            message = f'{reader} reads "${use.name}", and with these pins "{use.name}" does not run before it'
            yield Diagnostic(UNREADABLE, message, f'pin "{use.name}" too', use.position)


def _outermost(facts: Facts, reader: str) -> str:
    """Who reads, as the whole graph sees it: of what is inside a body the outermost body's node."""
    return [reader, *facts.resolved.nesting.around(reader)][-1]


def _is_read(use: Use, request: Request, cut: Cut) -> bool:
    """Whether what reads is still to be evaluated; an edge's own condition is, behind a pinned node too."""
    is_edge_of_pinned = use.is_edge and use.reader in request.pins
    return use.reader == OUTPUT or use.reader in cut.graph.nodes or is_edge_of_pinned


def _comes_before(use: Use, rest: Facts, cut: Cut) -> bool:
    if use.reader == OUTPUT or (use.is_edge and use.reader == use.name):
        return use.name in cut.graph.nodes
    return rest.can_precede(use.name, use.reader)
