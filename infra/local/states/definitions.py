"""Definitions by their content: kept once however many machines, versions and executions have them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from infra.local.files import write_whole
from infra.local.states.data import parse_data
from infra.local.states.definition_diagnostics import diagnose
from infra.local.states.definition_rules import broken_rules
from infra.local.states.finding import Finding
from infra.local.states.service_error import ServiceError, invalid_value
from translator.interpreter import InvalidDefinition, StateMachine
from translator.json_value import JsonObject

_MAXIMUM_LENGTH: Final = 1024 * 1024
_PARSED_KEPT: Final = 256
_MOST_TOLD: Final = 100


class Definitions:
    """Definition texts on disk under their digest, and the machines parsed from them in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._parsed = lru_cache(_PARSED_KEPT)(
            lambda digest: StateMachine.parse(parse_object(self.text(digest)))
        )

    def keep(self, text: str, *, express: bool = False) -> str:
        """Check and keep a definition; returns its digest. Raises ServiceError InvalidDefinition."""
        check(text, express=express)
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            write_whole(path, content)
        return digest

    def text(self, digest: str) -> str:
        """The definition as it was given."""
        return self._path(digest).read_text()

    def machine(self, digest: str) -> StateMachine:
        """The definition, ready to run."""
        return self._parsed(digest)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.asl.json"


def check(text: str, *, express: bool = False) -> None:
    """Refuse a definition with all that the service would refuse it for. Raises ServiceError."""
    definition = parse_object(text)
    try:
        machine = StateMachine.parse(definition)
        if express:
            machine.refuse_for_express()
        findings: Iterable[Finding] = broken_rules(definition)
    except InvalidDefinition:
        findings = diagnose(text, express=express, most=_MOST_TOLD)
    told = ", ".join(finding.to_text() for finding in islice(findings, _MOST_TOLD))
    if told:
        raise invalid_definition(told)


def parse_object(text: str) -> JsonObject:
    """The JSON of a definition. Raises ServiceError InvalidDefinition or ValidationException."""
    if len(text) > _MAXIMUM_LENGTH:
        rule = f"Member must have length less than or equal to {_MAXIMUM_LENGTH}"
        raise invalid_value("definition", f"{text[:50]}…", rule)
    try:
        definition = parse_data(text)
    except ValueError as error:
        raise invalid_definition(f"INVALID_JSON_DESCRIPTION: {error}") from error
    if not isinstance(definition, Mapping):
        raise invalid_definition("INVALID_JSON_DESCRIPTION: a definition is an object")
    return definition


def invalid_definition(message: str, *, quoted: bool = True) -> ServiceError:
    """The refusal of a definition; `quoted` as CreateStateMachine puts it."""
    return ServiceError(
        "InvalidDefinition", f"Invalid State Machine Definition: '{message}'" if quoted else message
    )
