"""What a machine needs of the world around it, from which its role is derived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from translator.asl import Machine, State, States, Task, inner_scopes

_FUNCTION_OF: Final = {"arn:aws:states:::lambda:invoke": "node_task"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The Lambda functions that the machine calls, by their names in the topology."""

    functions: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {"functions": list(self.functions)}

    def to_text(self) -> str:
        """One line a need."""
        return "".join(f"function {name}\n" for name in self.functions)


def manifest(machine: Machine) -> Manifest:
    """Read off all states, nested ones too."""
    resources = {state.resource for state in every_state(machine.states) if isinstance(state, Task)}
    return Manifest(tuple(sorted(_FUNCTION_OF[resource] for resource in resources)))


def every_state(scope: States) -> Iterator[State]:
    """All states of a scope and of the scopes inside it."""
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from every_state(inner)
