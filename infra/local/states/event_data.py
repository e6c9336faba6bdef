"""Events of a history with and without the data of the execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_DATA: Final = frozenset(
    {
        *("input", "inputDetails", "output", "outputDetails", "parameters"),
        *("assignedVariables", "assignedVariablesDetails"),
    }
)


def without_data(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event without inputs, outputs, parameters and variables."""
    return {
        key: {name: item for name, item in value.items() if name not in _DATA}
        if isinstance(value, Mapping)
        else value
        for key, value in event.items()
    }
