"""What a machine needs of the world around it, from which its role is derived."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from translator.asl import Machine, State, States, Task, inner_scopes
from translator.json_value import JsonValue

_FUNCTION_OF: Final = {"arn:aws:states:::lambda:invoke": "node_task"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The Lambda functions that the machine calls, by their names in the topology."""

    functions: tuple[str, ...]
    trigger_keep: JsonValue = "reference"
    """What of a large `$trigger` must stand in the execution's input; whoever starts runs cuts it down."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"functions": list(self.functions), "trigger_keep": self.trigger_keep}

    def to_text(self) -> str:
        """One line a need."""
        functions = "".join(f"function {name}\n" for name in self.functions)
        return f"{functions}keeps of $trigger {json.dumps(self.trigger_keep)}\n"


def manifest(machine: Machine, trigger_keep: JsonValue) -> Manifest:
    """Read off all states, nested ones too."""
    resources = {state.resource for state in every_state(machine.states) if isinstance(state, Task)}
    return Manifest(tuple(sorted(_FUNCTION_OF[resource] for resource in resources)), trigger_keep)


def every_state(scope: States) -> Iterator[State]:
    """All states of a scope and of the scopes inside it."""
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from every_state(inner)
