"""What a machine needs of the world around it, from which its role is derived."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from translator.asl import Machine, State, States, Task, inner_scopes
from translator.json_value import JsonValue
from translator.size_class import BY_PLACEHOLDER

_START: Final = "arn:aws:states:::states:startExecution"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The Lambda functions that the machine calls, by their names in the topology, and what it starts."""

    functions: tuple[str, ...]
    workflows: tuple[str, ...] = ()
    """The workflows that it starts runs of, by id."""
    waits_for_runs: bool = False
    """Whether it waits for one: then it may stop it, and needs the service's own event rule."""
    trigger_keep: JsonValue = "reference"
    """What of a large `$trigger` must stand in the execution's input; whoever starts runs cuts it down."""
    pins_keep: Mapping[str, JsonValue] = field(default_factory=dict)
    """The same of the outputs of nodes that are pinned, by node."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "functions": list(self.functions),
            "workflows": list(self.workflows),
            "waits_for_runs": self.waits_for_runs,
            "trigger_keep": self.trigger_keep,
            **({"pins_keep": dict(self.pins_keep)} if self.pins_keep else {}),
        }

    def to_text(self) -> str:
        """One line a need."""
        lines = [f"function {name}\n" for name in self.functions]
        lines += [f"workflow {name}\n" for name in self.workflows]
        lines.append(f"keeps of $trigger {json.dumps(self.trigger_keep)}\n")
        lines += [f"keeps of pin {name} {json.dumps(keep)}\n" for name, keep in self.pins_keep.items()]
        return "".join(lines)


def manifest(
    machine: Machine, trigger_keep: JsonValue, pins_keep: Mapping[str, JsonValue] = MappingProxyType({})
) -> Manifest:
    """Read off all states, nested ones too."""
    tasks = [state for state in every_state(machine.states) if isinstance(state, Task)]
    called = {BY_PLACEHOLDER.get(str(task.arguments.get("FunctionName"))) for task in tasks}
    starts = [task for task in tasks if task.resource.startswith(_START)]
    return Manifest(
        functions=tuple(sorted(one.function for one in called if one is not None)),
        workflows=tuple(sorted({_workflow_of(task) for task in starts})),
        waits_for_runs=any(task.resource != _START for task in starts),
        trigger_keep=trigger_keep,
        pins_keep=pins_keep,
    )


def _workflow_of(task: Task) -> str:
    """The workflow as the input of its run names it."""
    given: Any = task.arguments["Input"]
    return str(given["run"]["workflow"])


def every_state(scope: States) -> Iterator[State]:
    """All states of a scope and of the scopes inside it."""
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from every_state(inner)
