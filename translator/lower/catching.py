"""What catches a failure that no error edge of the failing node took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.json_value import JsonValue
from translator.lower.draft import Transition
from translator.lower.values import CAUGHT


@dataclass(frozen=True, slots=True)
class Catching:
    """A handler, or an error edge of a body's node, as its catchers see it: by the service's error names.

    Its target stands in the scope of `path`; in a scope further in a failure is only told on.
    """

    errors: tuple[str, ...]
    target: str
    assign: Mapping[str, JsonValue] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    caught: str = CAUGHT
    """The variable behind `$error` where the target stands."""
    then: Mapping[str, JsonValue] = field(default_factory=dict)
    reset: frozenset[str] = frozenset()
    wants_node: bool = True
    """Whether it asks which node failed, which a branch must then tell."""

    def transition(self, value: JsonValue) -> Transition:
        """Where a failure of that value leads."""
        assign = {self.caught: value, **self.assign}
        return Transition(self.target, assign=assign, then=dict(self.then), reset=self.reset)
