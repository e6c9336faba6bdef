"""Whether a history can be one of a machine, and what differs between two machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from translator.debugger.errors import ForeignHistoryError
from translator.debugger.program import inner_states
from translator.debugger.recording.recorded import Recorded

GIVE_DEPLOYED: Final = (
    "give the machine that ran with --definition asl.json, as it comes from: aws stepfunctions "
    "describe-state-machine-for-execution --execution-arn … --query definition --output text > asl.json"
)
"""What helps where the machine at hand is not the one that ran."""
_MOST_TOLD: Final = 5


def refuse_misfit(recorded: Recorded, machine: Mapping[str, Any], workflow: str) -> None:
    """Raises ForeignHistoryError for a history that another machine has made."""
    if not isinstance(recorded.input, Mapping):
        raise ForeignHistoryError("the execution's input is not that of a workflow's run", GIVE_DEPLOYED)
    run = recorded.input.get("run")
    ran = run.get("workflow") if isinstance(run, Mapping) else None
    if ran is not None and ran != workflow:
        raise ForeignHistoryError(
            f'the history is one of the workflow "{ran}", not of "{workflow}"', f'debug the file of "{ran}"'
        )
    states = dict(inner_states(machine))
    unknown = [name for name in recorded.entered if name not in states]
    if unknown:
        raise ForeignHistoryError(
            f"the history is one of another machine: {_names(unknown)} {_are(unknown)} not in this one",
            GIVE_DEPLOYED,
        )
    for name, kind in recorded.entered.items():
        if states[name]["Type"] != kind:
            raise ForeignHistoryError(
                f'the history is one of another machine: the state "{name}" was a {kind}, '
                f"and is a {states[name]['Type']} in this one",
                GIVE_DEPLOYED,
            )


def refuse_other_end(recorded: Recorded, status: str, error: str | None) -> None:
    """Raises ForeignHistoryError where the run that follows the recording does not end as it did."""
    if (status, error) != (recorded.status, recorded.failure[0]):
        then = " with ".join(filter(None, (recorded.status, recorded.failure[0])))
        now = " with ".join(filter(None, (status, error)))
        raise ForeignHistoryError(
            f"the recorded run came to {then}, and this machine comes to {now}", GIVE_DEPLOYED
        )


def differences(deployed: Mapping[str, Any], compiled: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence for each way in which the machine that ran is not the one at hand."""
    ran, now = dict(inner_states(deployed)), dict(inner_states(compiled))
    told = [
        (
            "the machine that ran has {} that the definition no longer compiles to",
            [name for name in ran if name not in now],
        ),
        ("the definition now compiles to {} that did not run", [name for name in now if name not in ran]),
        ("changed since: {}", [name for name in ran if name in now and _own(ran[name]) != _own(now[name])]),
    ]
    return tuple(sentence.format(_names(names)) for sentence, names in told if names)


def _own(state: Mapping[str, Any]) -> str:
    """What a state does itself; whoever deploys puts the function's ARN in, which is no difference."""
    own = {
        name: value for name, value in state.items() if name not in ("Branches", "ItemProcessor", "Iterator")
    }
    arguments = own.get("Arguments")
    if isinstance(arguments, Mapping) and "FunctionName" in arguments:
        own["Arguments"] = {**arguments, "FunctionName": ""}
    return json.dumps(own, sort_keys=True)


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_MOST_TOLD])
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return f"the state{'s' if len(names) > 1 else ''} {shown}{more}"


def _are(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"
