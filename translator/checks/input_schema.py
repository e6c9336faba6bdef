"""WF380 to WF382: an `input` that is no JSON Schema, or that the workflow's own tests do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic
from translator.input_schema import misfits, mistakes, references_elsewhere

NO_SCHEMA: Final = "WF380"
ELSEWHERE: Final = "WF381"
UNFIT_TEST: Final = "WF382"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with the schema, and only if nothing is, the payloads that do not fit it."""
    schema = facts.resolved.definition.input
    if schema is not None:
        found = [*_elsewhere(facts, schema)] or [*_mistakes(facts, schema)]
        yield from found or _unfit_tests(facts, schema)


def _elsewhere(facts: Facts, schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Nobody would fetch another document when a payload arrives."""
    for pointer, reference in references_elsewhere(schema):
        message = f'the input refers to "{reference}", which is another document'
        hint = "put it under `$defs` of the input, and refer to it by #/$defs/…"
        yield Diagnostic(ELSEWHERE, message, hint, facts.resolved.positions.at(f"/input{pointer}"))


def _mistakes(facts: Facts, schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    for pointer, why in mistakes(schema):
        message = f"the input is no JSON Schema: {why}"
        hint = "write a schema as JSON Schema 2020-12 has it, such as {type: object, properties: {…}}"
        yield Diagnostic(NO_SCHEMA, message, hint, facts.resolved.positions.at(f"/input{pointer}"))


def _unfit_tests(facts: Facts, schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    for index, case in enumerate(facts.resolved.definition.tests):
        for pointer, why in misfits(schema, case.trigger.get("body")):
            message = f'the test "{case.name}" sends what the input refuses: {why}'
            hint = "send a body that fits the workflow's `input`: any other starts no run"
            place = facts.resolved.positions.at(f"/tests/{index}/trigger/body{pointer}")
            yield Diagnostic(UNFIT_TEST, message, hint, place)
