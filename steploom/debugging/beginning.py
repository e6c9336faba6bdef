"""How a session begins: a run of a definition, with what its functions, mocks and pins answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from steploom.definition_file import read
from steploom.given_values import refuse_unfit
from steploom.large_values import ValuesInMemory
from steploom.neighbours import Neighbours
from translator.checks.facts import Facts
from translator.compiler import Compilation, CompileOptions, compile_text
from translator.debugger import Answers, Debugger, Outside, Start, input_of, launch_of, program_of
from translator.debugger.errors import meant
from translator.definition.model import Pin, TestCase, WorkflowDefinition
from translator.json_value import JsonValue
from translator.resolve import resolve
from translator.testing.case import trigger_value

NO_CASE = TestCase.model_validate({"name": "none", "expect": {}})


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for; `body` None is no body of its own."""

    file: Path
    body: JsonValue = None
    trigger: str | None = None
    variables: Mapping[str, JsonValue] = field(default_factory=dict)
    case: str | None = None
    optimize: Literal[0, 1, 2] | None = None
    """None: the definition's own level."""
    pins: Mapping[str, Pin] = field(default_factory=dict)

    def test_case(self, definition: WorkflowDefinition) -> TestCase:
        """The case that is asked for, one without anything if none is; raises click's error."""
        return _case(definition, self.case) or NO_CASE


def compiled(wanted: Wanted, project: str = "main") -> Compilation:
    """The definition, with one state a node unless asked otherwise; raises as `debugger_of`."""
    options = CompileOptions(project=project, optimize=wanted.optimize)
    compilation = compile_text(read(wanted.file), file_name=str(wanted.file), options=options)
    known = [variable.name for variable in compilation.definition.variables]
    for name in wanted.variables:
        if name not in known:
            raise click.UsageError(f'"{wanted.file}" has no variable "{name}": {meant(name, known)}')
    return compilation


def debugger_of(wanted: Wanted, compilation: Compilation) -> Debugger:
    """A session at the first point; raises DiagnosticsError, click's error."""
    definition = compilation.definition
    case, is_case = wanted.test_case(definition), wanted.case is not None
    given: dict[str, Any] = {**case.trigger}
    given |= {} if wanted.body is None else {"body": wanted.body}
    given |= {} if wanted.trigger is None else {"id": wanted.trigger}
    moment = datetime.fromisoformat(case.start).astimezone(UTC) if is_case else datetime.now(UTC)
    trigger = _trigger(definition, given, moment)
    pins, variables = {**case.pins, **wanted.pins}, {**case.variables, **wanted.variables}
    compilation = compilation.pinned(pins, variables, str(trigger["id"]))
    if wanted.body is not None or not is_case:
        refuse_unfit(compilation, trigger.get("body"))
    program = program_of(compilation, file_name=str(wanted.file))
    values = ValuesInMemory(compilation.manifest.trigger_keep)
    digits = "00000000" if is_case else secrets.token_hex(4)
    name = f"main-{definition.id}-{moment:%Y%m%dT%H%M%S}-{digits}"
    seed = 1 if is_case else secrets.randbits(32)
    start = Start(name, input_of(program, values.trigger(name, trigger)), moment.timestamp(), seed)
    outside = outside_of(wanted.file, values, case)
    return Debugger(program, launch_of(program, start), Answers(outside, live=not is_case))


def loops_of(compilation: Compilation) -> dict[str, frozenset[str]]:
    """By first node of a loop all its nodes; the definition must be without errors."""
    facts = Facts(resolve(compilation.definition, compilation.source.positions))
    return {loop.header: frozenset(loop.nodes) for _, loops in facts.graphs for loop in loops.all_loops()}


def outside_of(file: Path, values: ValuesInMemory, case: TestCase = NO_CASE) -> Outside:
    """What nodes call: functions and services really, mocked nodes as the case says."""
    return Outside(
        # Records of a call of its own: after an edit a `once` node is to be called with what it is given now.
        lambda payload: invoke_node(payload, MemoryRecords(), time.time, objects=values.objects),
        case.mocks,
        Neighbours(file).machine,
        values,
        time.monotonic,
    )


def _case(definition: WorkflowDefinition, wanted: str | None) -> TestCase | None:
    """The case by its name, a part of it or its number from 1; raises click's error."""
    if wanted is None:
        return None
    cases = definition.tests
    if wanted.isdecimal() and 1 <= int(wanted) <= len(cases):
        return cases[int(wanted) - 1]
    found = [case for case in cases if case.name == wanted] or [case for case in cases if wanted in case.name]
    if len(found) != 1:
        hint = meant(wanted, [case.name for case in found or cases])
        several = "several cases fit" if found else "no case is called"
        raise click.UsageError(f'{several} "{wanted}": {hint}')
    return found[0]


def _trigger(
    definition: WorkflowDefinition, given: Mapping[str, JsonValue], moment: datetime
) -> Mapping[str, JsonValue]:
    try:
        return trigger_value(definition, given, moment)
    except KeyError as unknown:
        known = ", ".join(f'"{one.id}"' for one in definition.triggers) or '"manual"'
        raise click.UsageError(f"there is no trigger {unknown}: the workflow has {known}") from unknown
