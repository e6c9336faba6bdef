"""A definition whose variables begin with other values."""

from __future__ import annotations

from collections.abc import Mapping

from translator.definition.model import WorkflowDefinition
from translator.json_value import JsonValue


def with_variables(definition: WorkflowDefinition, values: Mapping[str, JsonValue]) -> WorkflowDefinition:
    """The definition with other first values of some variables."""
    variables = tuple(
        each.model_copy(update={"value": values[each.name]}) if each.name in values else each
        for each in definition.variables
    )
    return definition.model_copy(update={"variables": variables}) if values else definition
