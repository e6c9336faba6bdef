"""Where the execution of a session comes from: the same each time it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from translator.debugger.program import Program
from translator.interpreter import Execution
from translator.json_value import JsonValue

ACCOUNT: Final = "arn:aws:states:eu-central-1:000000000000"


@dataclass(frozen=True)
class Start:
    """What a run begins with; `moment` in epoch seconds."""

    name: str
    input: Mapping[str, JsonValue]
    moment: float
    seed: int = 1
    project: str = "main"


def launch_of(program: Program, start: Start) -> Callable[[], Execution]:
    """Makes the execution of that start, whenever it is called."""
    machine = f"{start.project}-{program.definition.id}"

    def launch() -> Execution:
        return Execution(
            program.machine,
            input=dict(start.input),
            name=start.name,
            arn=f"{ACCOUNT}:execution:{machine}:{start.name}",
            state_machine_arn=f"{ACCOUNT}:stateMachine:{machine}",
            started_at=start.moment,
            seed=start.seed,
            is_parted=program.is_parted,
        )

    return launch


def input_of(program: Program, trigger: JsonValue, project: str = "main") -> dict[str, JsonValue]:
    """What a run of the program gets, with `$trigger`."""
    return {
        "trigger": trigger,
        "run": {"project": project, "workflow": program.definition.id, "version": 0},
        **program.pinned_input,
    }
