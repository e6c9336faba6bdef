"""The phases in order, each a cached property that can be printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from translator.asl import Machine
from translator.checks import check, check_parts
from translator.checks.facts import Facts
from translator.checks.sub_run import certain_sub_runs
from translator.collection import paused_collection
from translator.definition.model import Pin, WorkflowDefinition
from translator.definition.reader import (
    ReadDefinition,
    UnfitDefinitionError,
    read_data,
    read_definition,
)
from translator.depth import check_depth
from translator.diagnostics import Diagnostic, DiagnosticsError, Severity, in_order
from translator.emit import emit, to_compact_text, to_text
from translator.forecast import Forecast, declared_counts, forecast
from translator.graph import FlowGraph
from translator.json_value import JsonObject, JsonValue
from translator.legalize import (
    Decision,
    MachineType,
    Split,
    check_sizes,
    decide,
    legalize,
    split,
    split_note,
)
from translator.legalize.events import check_events, events_note, split_runs
from translator.lower import BodyParts, Lowered, lower
from translator.manifest import Manifest, manifest
from translator.optimize import optimize
from translator.options import CompileOptions, with_variables
from translator.pins import Request, Rest, case_mistakes, evaluate, pinned_input
from translator.projection.limits import limited
from translator.regions import Regions
from translator.resolve import Resolved, resolve
from translator.source_map import SourceMap, source_map
from translator.structure.barrier_notes import barrier_notes
from translator.structure.decompose import structure
from translator.structure.estimates import Estimates
from translator.structuring import Structuring
from translator.verify import verify

__all__ = ["Compilation", "CompileOptions", "compile_data", "compile_text"]


@dataclass(frozen=True)
class Compilation:
    """One definition on its way to a state machine.

    Asking for a phase runs those before it; a phase whose input has errors raises DiagnosticsError.
    """

    source: ReadDefinition
    options: CompileOptions = field(default_factory=CompileOptions)

    @property
    def definition(self) -> WorkflowDefinition:
        """Phase 1."""
        return self.source.definition

    @cached_property
    def _resolved(self) -> Resolved:
        return resolve(self.definition, self.source.positions)

    @cached_property
    def _bound(self) -> tuple[Diagnostic, ...]:
        """What phase 2 finds, and the rules of phase 3 that need no whole graph."""
        return in_order((*self._resolved.diagnostics, *check_parts(Facts(self._resolved))))

    @cached_property
    def _facts(self) -> Facts:
        _stop_on_errors(self._bound)
        return Facts(self._resolved)

    @property
    def graph(self) -> FlowGraph:
        """Phase 2."""
        return self._facts.resolved.graph

    @cached_property
    def _checked(self) -> tuple[Diagnostic, ...]:
        return in_order((*check(self._facts), *case_mistakes(self._facts)))

    @cached_property
    def _evaluated(self) -> Rest:
        """What the pins leave of the graph, behind the rules of phase 3."""
        _stop_on_errors(self._checked)
        options = self.options
        request = Request(options.pins, options.variables, options.trigger)
        return Rest((), None, self._facts) if request.is_empty else evaluate(self._facts, request)

    @property
    def _rest(self) -> Facts:
        """The facts of what is left to run."""
        _stop_on_errors(self._evaluated.diagnostics)
        assert self._evaluated.facts is not None
        return self._evaluated.facts

    @cached_property
    def regions(self) -> Regions:
        """Phase 4."""
        return structure(self._rest.loops, self._structuring.estimates)

    @property
    def _level(self) -> int:
        return self.definition.settings.optimize if self.options.optimize is None else self.options.optimize

    @property
    def _structuring(self) -> Structuring:
        return Structuring(Estimates(self.options.estimates, self.options.exact_estimates), self._level)

    @cached_property
    @paused_collection()
    def lowered(self) -> Lowered:
        """Phase 5."""
        _stop_on_errors(self._depth)
        definition = with_variables(self.definition, self.options.variables)
        return lower(definition, self._whole, self.bodies, self.options.project)

    @cached_property
    def _whole(self) -> BodyParts:
        cut = self._evaluated.cut
        return self._structuring.whole(self._rest, self.regions, None if cut is None else cut.pinning)

    @cached_property
    def _depth(self) -> tuple[Diagnostic, ...]:
        return check_depth(self._whole, self.bodies)

    @cached_property
    def bodies(self) -> Mapping[str, BodyParts]:
        """Phase 4 of what is inside `for_each`, `while` and `parallel`, by node."""
        return self._structuring.bodies(self._rest)

    @cached_property
    @paused_collection()
    def optimized(self) -> Machine:
        """Phase 6."""
        return optimize(self.lowered.machine, self._level)

    @cached_property
    @paused_collection()
    def typed_machine(self) -> Machine:
        """Phase 7."""
        return legalize(self.lowered, limited(self.optimized))

    @cached_property
    def _decision(self) -> Decision:
        if self.definition.settings.type == "standard":
            return Decision("STANDARD")
        if self.options.pins:
            # What is pinned is another version of the same machine, whose type never changes.
            return replace(self, options=replace(self.options, pins={}, variables={}))._decision
        positions = self.source.positions
        return decide(self.definition, self._facts.nodes, self._small, positions)

    @property
    def machine_type(self) -> MachineType:
        """STANDARD or EXPRESS, as the definition's settings say or, for `auto`, as it can be."""
        return self._decision.machine_type

    @property
    def _machine_name(self) -> str:
        return f"{self.options.project}-{self.definition.id}"

    @cached_property
    def _small(self) -> Split:
        return split(self.typed_machine, self._machine_name, self.options.most_bytes)

    @cached_property
    def _split(self) -> Split:
        if self.machine_type == "EXPRESS":
            return self._small
        room = (self.options.most_events, self.options.most_bytes)
        found = split_runs(self.typed_machine, self._machine_name, self._declared, *room)
        return found or self._small

    @cached_property
    def _declared(self) -> Mapping[str, int]:
        return {**declared_counts(self.definition), **self.options.counts}

    @cached_property
    def _sizes(self) -> tuple[Diagnostic, ...]:
        """Whether the machine and its parts, and their executions' histories, are small enough."""
        found = check_sizes(self._split, self.options.most_bytes, self._facts.nodes)
        if self.machine_type == "EXPRESS":
            return found
        return found + check_events(self._split, self._declared, self._facts.nodes, self.options.most_events)

    @cached_property
    @paused_collection()
    def machine(self) -> dict[str, Any]:
        """Phase 8: the state machine as the service takes it, verified; its `parts` belong to it."""
        _stop_on_errors(self._decision.diagnostics)
        _stop_on_errors(self._sizes)
        return self._emitted(self._split.main)

    @cached_property
    def parts(self) -> Mapping[str, dict[str, Any]]:
        """By name the state machines that `machine` runs parts of the workflow in; mostly there are none."""
        _ = self.machine
        return {part.name: self._emitted(part.machine) for part in self._split.parts}

    @property
    def is_parted(self) -> bool:
        """Whether a run is split because one execution would have too many history events."""
        return self._split.events > 0

    @cached_property
    def whole_machine(self) -> dict[str, Any]:
        """The same as `machine` with its parts, in one piece: for interpreters, which count no bytes."""
        return self._emitted(self.typed_machine) if self.parts else self.machine

    def _emitted(self, machine: Machine) -> dict[str, Any]:
        titles = {node.id: node.name for node in self._facts.nodes.values()}
        document = emit(machine, titles)
        verify(document)
        return document

    @cached_property
    def asl_text(self) -> str:
        """The state machine as people read it; equal definitions give equal bytes."""
        return to_text(self.machine)

    @cached_property
    def sent_text(self) -> str:
        """The state machine as the service gets it: the same JSON, compact."""
        return to_compact_text(self.machine)

    @cached_property
    def sent_parts(self) -> Mapping[str, str]:
        """The same of its parts, by name."""
        return {name: to_compact_text(part) for name, part in self.parts.items()}

    @cached_property
    def source_map(self) -> SourceMap:
        """Which state belongs to which node."""
        return source_map(self.definition.id, self._facts.nodes, self._split)

    @cached_property
    def manifest(self) -> Manifest:
        """What the machine needs around it."""
        return manifest(self.typed_machine, self.lowered.trigger_keep, self.lowered.pins_keep)

    @cached_property
    def forecast(self) -> Forecast:
        """What a run will take."""
        seconds = {node: Decimal(str(each)) for node, each in self.options.estimates.items()}
        is_express = self.machine_type == "EXPRESS"
        return forecast(self._split, self.sent_text, seconds, declared=self._declared, is_express=is_express)

    @property
    def certain_sub_runs(self) -> frozenset[str]:
        """The workflows that every run starts a run of, whatever is decided in it."""
        return certain_sub_runs(self._facts)

    @property
    def pinned_input(self) -> JsonObject:
        """What the input of an execution must hold besides `trigger` and `run`: `pins`, if there are any."""
        return {"pins": pinned_input(self.options.pins)} if self.options.pins else {}

    def pinned(
        self, pins: Mapping[str, Pin], variables: Mapping[str, JsonValue], trigger: str | None
    ) -> Compilation:
        """The same definition compiled with nodes that have already ended."""
        if not pins and not variables:
            return self
        return replace(self, options=replace(self.options, pins=pins, variables=variables, trigger=trigger))

    @cached_property
    @paused_collection()
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything that was found, whether or not it compiles; never raises DiagnosticsError."""
        found = self._bound
        if _has_errors(found):
            return found
        found = in_order((*found, *self._checked))
        if _has_errors(found):
            return found
        found += self._evaluated.diagnostics
        if _has_errors(found):
            return found
        found += self._depth
        if _has_errors(found):
            return found
        found += barrier_notes(self.regions, self._rest.resolved.graph)
        found += tuple(one for one in self._decision.diagnostics if one.severity != Severity.ERROR)
        if not self._sizes:
            found += split_note(self._split) + events_note(self._split, self.options.most_events)
        for body in self.bodies.values():
            for part in body.parts.values():
                found += barrier_notes(part.regions, part.graph)
        try:
            _ = self.machine
        except DiagnosticsError as error:
            found += error.diagnostics
        return found


def compile_text(
    text: str, *, file_name: str | None = None, options: CompileOptions | None = None
) -> Compilation:
    """A compilation of YAML or JSON; raises DiagnosticsError if the text is no definition."""
    return _compilation(lambda: read_definition(text, file_name=file_name), options)


def compile_data(value: object, *, options: CompileOptions | None = None) -> Compilation:
    """The same for a definition that is Python data already."""
    return _compilation(lambda: read_data(value), options)


@paused_collection()
def _compilation(read: Callable[[], ReadDefinition], options: CompileOptions | None) -> Compilation:
    try:
        return Compilation(read(), options or CompileOptions())
    except UnfitDefinitionError as error:
        behind = () if error.rest is None else Compilation(error.rest)._bound
        errors = [each for each in behind if each.severity == Severity.ERROR]
        raise DiagnosticsError(in_order((*error.diagnostics, *errors))) from error


def _has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(diagnostic.severity == Severity.ERROR for diagnostic in diagnostics)


def _stop_on_errors(diagnostics: tuple[Diagnostic, ...]) -> None:
    if _has_errors(diagnostics):
        raise DiagnosticsError(diagnostics)
