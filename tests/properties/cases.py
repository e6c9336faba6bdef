"""A case: a definition, the trigger that fires and what the world answers on each attempt of each node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.properties.behaviour import Answer
from tests.properties.given import NOTHING, Given
from translator.definition.model import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the world takes one attempt of a node: it takes `seconds` and may give an error."""

    seconds: float = 1.0
    error: str | None = None


@dataclass(frozen=True)
class Case:
    """Everything a run depends on; two executors given the same case must agree."""

    definition: Mapping[str, Any]
    """The definition as JSON."""
    trigger: Mapping[str, Any] = field(default_factory=lambda: {"id": "manual", "type": "manual", "body": {}})
    attempts: Mapping[str, Sequence[Attempt]] = field(default_factory=dict)
    """By node; after the last one given it repeats, and a node that is not here takes a second."""
    given: Given = NOTHING
    """What has ended before the run starts."""

    def model(self) -> WorkflowDefinition:
        return WorkflowDefinition.model_validate(self.definition)

    def answer(self, node: str, tried: int, parameters: Any) -> Answer:
        """What comes back: its parameters, so that a value read from the wrong place shows."""
        planned = self.attempts.get(node) or (Attempt(),)
        attempt = planned[min(tried, len(planned) - 1)]
        if attempt.error is not None:
            return Answer(error=attempt.error, cause=f"{node}/{tried}", seconds=attempt.seconds)
        output = {"v": f"{node}/{tried}", "n": tried, "saw": parameters.get("arguments", {})}
        return Answer(output=output, seconds=attempt.seconds)

    def to_yaml(self) -> str:
        """The case for a person to read and to run again."""
        attempts = {
            node: [{"seconds": one.seconds, **({"error": one.error} if one.error else {})} for one in planned]
            for node, planned in self.attempts.items()
        }
        data = {"definition": self.definition, "trigger": self.trigger, "attempts": attempts}
        if self.given.pins:
            data["pins"] = {node: pin.to_json() for node, pin in self.given.pins.items()}
            data["variables"] = dict(self.given.variables)
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
