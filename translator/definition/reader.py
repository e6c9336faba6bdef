"""Phase 1, read: text becomes a definition, or every mistake in it is reported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.definition.document import EMPTY, NOT_AN_OBJECT, NOT_TEXT, Document
from translator.definition.json_text import load_json
from translator.definition.limits import MAX_CHARACTERS
from translator.definition.model import WorkflowDefinition
from translator.definition.positions import Positions
from translator.definition.python_data import load_data
from translator.definition.rules import DUPLICATE_NAME, check_rules
from translator.definition.shape import fit
from translator.definition.wording import quoted
from translator.definition.yaml_text import load_yaml
from translator.diagnostics.model import Diagnostic, DiagnosticsError, Position, in_order

_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """A definition whose shape is right, and where each of its values stands."""

    definition: WorkflowDefinition
    positions: Positions


class UnfitDefinitionError(DiagnosticsError):
    """A definition that does not fit; `rest` is what further phases can still find mistakes in."""

    def __init__(self, diagnostics: Sequence[Diagnostic], rest: ReadDefinition | None) -> None:
        super().__init__(diagnostics)
        self.rest = rest


def read_definition(text: str, *, file_name: str | None = None) -> ReadDefinition:
    """Reads YAML 1.2 or JSON; raises DiagnosticsError with all mistakes, in the order of the text.

    A text is taken as JSON if the file's name ends in `.json`, or if it has no YAML name and begins with a
    brace.
    """
    document = Document(text)
    text = text.removeprefix("\ufeff")
    junk = _NOT_TEXT.search(text)
    if junk is not None:
        raise _not_text(document, text, junk.start())
    if len(text) > MAX_CHARACTERS:
        message = f"the definition has {len(text):,} characters"
        raise document.fail("WF108", message, f"write at most {MAX_CHARACTERS:,}", Position(1, 1, ""))
    if not text.strip():
        raise document.fail(EMPTY, "the definition is empty", "write a workflow", Position(1, 1, ""))
    document = load_json(text) if _is_json(text, file_name) else load_yaml(text)
    return _interpret(document)


def read_data(value: object) -> ReadDefinition:
    """Reads a definition that is already Python data; positions have a pointer and line 0.

    Raises DiagnosticsError with all mistakes.
    """
    return _interpret(load_data(value))


def _is_json(text: str, file_name: str | None) -> bool:
    name = (file_name or "").lower()
    if name.endswith(".json"):
        return True
    return not name.endswith((".yaml", ".yml")) and text.lstrip().startswith("{")


def _not_text(document: Document, text: str, offset: int) -> DiagnosticsError:
    line_start = text.rfind("\n", 0, offset) + 1
    position = Position(text.count("\n", 0, offset) + 1, offset - line_start + 1, "")
    message = f"the character U+{ord(text[offset]):04X} is not allowed in a text"
    return document.fail(NOT_TEXT, message, "remove it; a definition is a text file in UTF-8", position)


def _interpret(document: Document) -> ReadDefinition:
    positions = document.positions
    if document.value is None:
        raise document.fail(EMPTY, "the definition is empty", "write a workflow", positions.at(""))
    if not isinstance(document.value, Mapping):
        message = f"a definition is an object, but this is {quoted(document.value)}"
        raise document.fail(NOT_AN_OBJECT, message, "begin with `id:` and `nodes:`", positions.at(""))
    # A number that is no number was reported already, and the models cannot be asked about it.
    fitted, breaches = fit(document.value, positions), check_rules(document.value, positions)
    found = in_order((*document.diagnostics, *fitted.misfits, *breaches))
    if fitted.definition is not None and not found:
        return ReadDefinition(fitted.definition, positions)
    goes_on = not document.diagnostics and all(breach.code == DUPLICATE_NAME for breach in breaches)
    rest = fitted.rest if goes_on else None
    raise UnfitDefinitionError(found, None if rest is None else ReadDefinition(rest, positions))
