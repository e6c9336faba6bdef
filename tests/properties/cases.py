"""A case: a definition, the trigger that fires and what the world answers on each attempt of each node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import yaml

from tests.properties.behaviour import Answer, Items
from tests.properties.given import NOTHING, Given
from tests.properties.plan import Plans
from translator.definition.model import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the world takes one attempt of a node: it takes `seconds` and may give an error."""

    seconds: float = 1.0
    error: str | None = None
    stagger: float = 0.0
    """Seconds more with each item of a `for_each`, so that not all end at one instant."""


@dataclass(frozen=True)
class Case:
    """Everything a run depends on; two executors given the same case must agree."""

    definition: Mapping[str, Any]
    """The definition as JSON."""
    trigger: Mapping[str, Any] = field(default_factory=lambda: {"id": "manual", "type": "manual", "body": {}})
    attempts: Mapping[str, Sequence[Attempt]] = field(default_factory=dict)
    """By node, or node and items as in `a[0, 2]`; after the last one given it repeats.

    A node that is not here takes a second.
    """
    given: Given = NOTHING
    """What has ended before the run starts."""

    def model(self) -> WorkflowDefinition:
        return self.plans.definition

    @cached_property
    def plans(self) -> Plans:
        """Its parts, worked out once for all its runs."""
        return Plans(WorkflowDefinition.model_validate(self.definition))

    def answer(self, items: Items, node: str, tried: int, parameters: Any) -> Answer:
        """What comes back: its parameters, so that a value read from the wrong place shows."""
        here = f"{node}{list(items)}" if items else node
        planned = self.attempts.get(here) or self.attempts.get(node) or (Attempt(),)
        attempt = planned[min(tried, len(planned) - 1)]
        seconds = attempt.seconds + attempt.stagger * sum(
            index * 7**depth for depth, index in enumerate(reversed(items))
        )
        if attempt.error is not None:
            return Answer(error=attempt.error, cause=f"{here}/{tried}", seconds=seconds)
        output = {"v": f"{here}/{tried}", "n": tried, "saw": parameters.get("arguments", {})}
        return Answer(output=output, seconds=seconds)

    def to_yaml(self) -> str:
        """The case for a person to read and to run again."""
        attempts = {
            node: [{key: value for key, value in asdict(one).items() if value} for one in planned]
            for node, planned in self.attempts.items()
        }
        data = {"definition": self.definition, "trigger": self.trigger, "attempts": attempts}
        if self.given.pins:
            data["pins"] = {node: pin.to_json() for node, pin in self.given.pins.items()}
            data["variables"] = dict(self.given.variables)
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
