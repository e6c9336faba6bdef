"""What pulling or pushing would do to each workflow, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from steploom.sync.folder import LocalWorkflow, digest
from steploom.sync.remote import RemoteWorkflow

Standing = Literal["same", "new", "changed", "behind", "conflict", "gone"]
SIGNS: Final[Mapping[Standing, str]] = {
    "same": "=",
    "new": "+",
    "changed": "~",
    "behind": "<",
    "conflict": "!",
    "gone": "-",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the receiving side stands to the giving one, with one workflow.

    `new`: only the giver has it. `changed`: the giver has changed it since both had the same. `behind`: only
    the receiver has. `conflict`: both have, or they were never the same. `gone`: the giver has it no more.
    """

    workflow: str
    standing: Standing


def pushes(
    local: Mapping[str, LocalWorkflow], remote: Mapping[str, RemoteWorkflow], state: Mapping[str, str]
) -> tuple[Comparison, ...]:
    """From the folder to the platform."""
    return _compared(_texts(local), _texts(remote), state)


def pulls(
    local: Mapping[str, LocalWorkflow], remote: Mapping[str, RemoteWorkflow], state: Mapping[str, str]
) -> tuple[Comparison, ...]:
    """From the platform to the folder."""
    return _compared(_texts(remote), _texts(local), state)


def _texts(side: Mapping[str, LocalWorkflow] | Mapping[str, RemoteWorkflow]) -> dict[str, str]:
    return {name: one.text for name, one in side.items()}


def _compared(
    giver: Mapping[str, str], receiver: Mapping[str, str], state: Mapping[str, str]
) -> tuple[Comparison, ...]:
    names = sorted({*giver, *receiver})
    return tuple(
        Comparison(name, _standing(giver.get(name), receiver.get(name), state.get(name))) for name in names
    )


def _standing(given: str | None, had: str | None, common: str | None) -> Standing:
    if given is None:
        return "gone"
    if had is None:
        # The receiver had it once and has removed it: whoever gives it again must mean it.
        return "new" if common is None else "conflict"
    if given == had:
        return "same"
    if common == digest(had):
        return "changed"
    return "behind" if common == digest(given) else "conflict"
