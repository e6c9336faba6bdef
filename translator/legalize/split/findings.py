"""What is told of a machine that is too large for the service."""

from __future__ import annotations

from typing import Final

from translator.asl import Machine
from translator.diagnostics import Diagnostic, Position, Severity
from translator.emit import emit, to_compact_text
from translator.legalize.size import sent_bytes
from translator.legalize.split.cutting import Split

TOO_LARGE: Final = "WF501"
WAS_SPLIT: Final = "WF502"
_NOWHERE: Final = Position(0, 0, "")


def check_sizes(split: Split, most_bytes: int) -> tuple[Diagnostic, ...]:
    """Whether the service takes the machine and its parts."""
    size = max(map(_bytes, split.machines))
    if size <= most_bytes:
        return ()
    message = f"the state machine has {size:,} bytes, and the service takes {most_bytes:,}"
    if split.parts:
        message += f"; it was split into {len(split.parts) + 1}, and no cut makes that one smaller"
    hint = "split the workflow in two, or move large fixed values into a node's own data"
    return (Diagnostic(TOO_LARGE, message, hint, _NOWHERE),)


def split_note(split: Split) -> tuple[Diagnostic, ...]:
    """That a run of the workflow is one of several state machines."""
    if not split.parts or split.events:
        return ()
    count = len(split.parts)
    parts = "a part of it runs" if count == 1 else f"{count} parts of it run"
    message = f"the workflow is too large for one state machine, so {parts} in machines of their own"
    hint = "fine as it is; each part costs a few transitions and about a second more than it would inside"
    return (Diagnostic(WAS_SPLIT, message, hint, _NOWHERE, Severity.NOTE),)


def _bytes(machine: Machine) -> int:
    return sent_bytes(to_compact_text(emit(machine)))
