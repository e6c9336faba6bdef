"""Evaluates a definition as far as pins decide it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from translator.analyses.races import elsewhere
from translator.checks.facts import Facts
from translator.definition.positions import join_pointer
from translator.diagnostics import Diagnostic, Position
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.graph import FlowGraph
from translator.pins.cut import Cut, cut_at
from translator.pins.mistakes import UNCLEAR, mistakes, trigger_of
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
    found = (*_unreadable(facts, rest, request, cut), *_torn_races(rest, request))
    return Rest(found, cut, rest)


def _torn_races(rest: Facts, request: Request) -> Iterator[Diagnostic]:
    """A race that could no longer be cut short, because what is left before it comes before more than it."""
    parts = [rest.loops.root, *(loop.elements for loop in rest.loops.all_loops())]
    for torn in (torn for part in parts if part is not None for torn in elsewhere(part)):
        message = (
            f'with these pins "{torn.join}" cannot wait for the first only: "{torn.edge.source}" leads on'
        )
        hint = f'pin all that has ended before "{torn.join}", or nothing of it'
        yield Diagnostic(UNCLEAR, message, hint, request.place("pins"))


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
    asked = frozenset(_read_by_edges(facts.resolved.graph, cut))
    for read in facts.resolved.uses:
        use = replace(read, reader=_outermost(facts, read.reader))
        is_open = use.name in facts.resolved.graph.nodes and use.name not in request.pins
        is_own = use.name == use.reader and not use.is_edge
        is_null = use.name in cut.fates.skipped | cut.fates.cancelled
        if not is_open or is_own or is_null or not _is_read(use, cut, asked):
            continue
        if not _comes_before(use, rest, cut):
            reader = "the output" if use.reader == OUTPUT else f'node "{read.reader.removeprefix(RESULT_OF)}"'
            message = f'{reader} reads "${use.name}", and with these pins "{use.name}" does not run before it'
            yield Diagnostic(UNREADABLE, message, f'pin "{use.name}" too', use.position)


def _outermost(facts: Facts, reader: str) -> str:
    """Who reads, as the whole graph sees it: of what is inside a body the outermost body's node."""
    return [reader, *facts.resolved.nesting.around(reader)][-1]


def _read_by_edges(graph: FlowGraph, cut: Cut) -> Iterator[tuple[str, str]]:
    """What edges of pinned nodes read that are still asked for: the node and the name."""
    for edge in (edge for edge in graph.edges if edge.index in cut.asked):
        for part in parse_template(edge.when or "").expressions:
            yield from ((edge.source, name) for name in parse_expression(part.source).free_names)


def _is_read(use: Use, cut: Cut, asked: Collection[tuple[str, str]]) -> bool:
    """Whether what reads is still to be evaluated, as an edge's condition may be behind a pinned node."""
    is_asked = use.is_edge and (use.reader, use.name) in asked
    return use.reader == OUTPUT or use.reader in cut.graph.nodes or is_asked


def _comes_before(use: Use, rest: Facts, cut: Cut) -> bool:
    if use.reader == OUTPUT or (use.is_edge and use.reader == use.name):
        return use.name in cut.graph.nodes
    return rest.can_precede(use.name, use.reader)
