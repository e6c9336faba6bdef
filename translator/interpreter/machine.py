"""A state machine, parsed once and run any number of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translator.interpreter.parse import parse_scope
from translator.interpreter.read import Reader
from translator.interpreter.states import Scope
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A definition that holds together; `timeout_seconds` is the machine's own, if it has one."""

    scope: Scope
    timeout_seconds: float | None

    @classmethod
    def parse(cls, definition: Mapping[str, JsonValue]) -> StateMachine:
        """Prepare an ASL definition in JSONata mode; raises InvalidDefinition as CreateStateMachine does."""
        reader = Reader(definition, "")
        reader.only("Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage")
        timeout = reader.number("TimeoutSeconds", minimum=1)
        language = reader.text("QueryLanguage") or "JSONPath"
        return cls(parse_scope(reader, language, frozenset()), timeout)
