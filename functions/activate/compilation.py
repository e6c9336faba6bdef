"""What activation needs of the compiler, and how its findings reach a caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.problems import invalid_definition
from translator.concurrency import concurrency_of
from translator.definition.model import WorkflowDefinition
from translator.diagnostics import Diagnostic, DiagnosticsError, Position, Severity


class Mapped(Protocol):
    """A source map."""

    def to_json(self) -> Any:
        """Its JSON form, as layers.runtime.timeline reads it."""


class Needs(Protocol):
    """What a machine needs around it."""

    @property
    def trigger_keep(self) -> JsonValue: ...  # noqa: D102


class Compilation(Protocol):
    """The part of translator.compiler.Compilation that is used; its properties raise DiagnosticsError."""

    @property
    def definition(self) -> WorkflowDefinition: ...  # noqa: D102

    @property
    def sent_text(self) -> str: ...  # noqa: D102

    @property
    def sent_parts(self) -> Mapping[str, str]: ...  # noqa: D102

    @property
    def machine_type(self) -> str: ...  # noqa: D102

    @property
    def source_map(self) -> Mapped: ...  # noqa: D102

    @property
    def manifest(self) -> Needs: ...  # noqa: D102

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]: ...  # noqa: D102


class Compile(Protocol):
    """Compiles a definition's text; `file_name` only tells the format by its ending."""

    def __call__(self, text: str, *, file_name: str, project: str) -> Compilation: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class CompiledDefinition:
    """Everything that came out of a compilation without errors."""

    definition: WorkflowDefinition
    machine: str
    """ASL text, the placeholders of the function and the bucket still in it."""
    parts: Mapping[str, str]
    """By name the machines that it runs parts of the workflow in, as ASL text likewise."""
    machine_type: str
    """STANDARD or EXPRESS."""
    source_map: JsonObject
    trigger_keep: JsonValue
    """What of a large `$trigger` the machine reads itself."""
    diagnostics: tuple[Diagnostic, ...]
    """Warnings and notes."""
    compilation: Compilation
    """Where it all comes from."""

    @property
    def concurrency(self) -> JsonObject | None:
        """How many runs may be under way at once, as functions read it."""
        return concurrency_of(self.definition)

    @property
    def triggers(self) -> list[JsonObject]:
        """The triggers in JSON; a definition without any has a manual one (DESIGN: start)."""
        written: list[JsonObject] = [
            trigger.model_dump(mode="json", exclude_none=True) for trigger in self.definition.triggers
        ]
        return written or [{"id": "manual", "type": "manual"}]

    @property
    def on_end(self) -> list[JsonObject]:
        """What happens when a run ends, in JSON."""
        return [action.model_dump(mode="json", exclude_none=True) for action in self.definition.on_end]


def compile_whole(compile_: Compile, text: str, form: str, project: str) -> CompiledDefinition:
    """Compiles to the end; raises RequestError (422) with the diagnostics of a definition that cannot be."""
    try:
        compilation = compile_(text, file_name=f"definition.{form}", project=project)
        _refuse_errors(compilation.diagnostics)
        return CompiledDefinition(
            compilation.definition,
            compilation.sent_text,
            compilation.sent_parts,
            compilation.machine_type,
            compilation.source_map.to_json(),
            compilation.manifest.trigger_keep,
            compilation.diagnostics,
            compilation,
        )
    except DiagnosticsError as error:
        raise invalid_definition(to_json(error.diagnostics)) from error


def _refuse_errors(diagnostics: Sequence[Diagnostic]) -> None:
    """All findings of all phases at once, where asking for the machine would stop at the first phase."""
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        raise DiagnosticsError(diagnostics)


def to_json(diagnostics: Sequence[Diagnostic]) -> list[JsonObject]:
    """The form of the REST API's answers."""
    return [dict(diagnostic.to_json()) for diagnostic in diagnostics]


def finding(code: str, message: str, hint: str, pointer: str, severity: Severity) -> Diagnostic:
    """A diagnostic of activation itself, which knows the place but no line."""
    return Diagnostic(code, message, hint, Position(0, 0, pointer), severity)
