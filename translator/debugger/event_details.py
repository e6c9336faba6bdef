"""What events tell, in the definition's own names."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.expressions.evaluator import Ambient
from translator.interpreter.template import Template
from translator.json_value import JsonValue

_NO_AMBIENT: Final = Ambient(0, random.Random(0))  # noqa: S311 (what is constant asks for none)


def constant_text(template: Template | None) -> str | None:
    """A field of a state that holds no expression."""
    if template is None or not template.constant:
        return None
    return str(template.evaluate({}, _NO_AMBIENT))


def details_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an event tells besides its type and time."""
    kind = event["type"]
    found = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails")
    return found if isinstance(found, Mapping) else {}


def assigned_by(details: Mapping[str, Any]) -> dict[str, JsonValue]:
    """By the definition's own name the values that a state assigned; the compiler's own are left out."""
    texts: Mapping[str, str] = details.get("assignedVariables") or {}
    return {name: json.loads(texts[variable]) for variable, name in own_names(texts)}


def own_names(variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each variable that holds a value of the definition, with the name that it has there.

    A name has one variable per scope, `charge`, `charge__1`, …; the innermost comes last.
    """
    for variable in sorted(variables, key=_depth):
        name, _, rest = variable.partition("__")
        if not rest or rest.isdigit():
            yield variable, name


def _depth(variable: str) -> tuple[int, str]:
    number = variable.rpartition("__")[2]
    return (int(number) if number.isdigit() else 0, variable)
