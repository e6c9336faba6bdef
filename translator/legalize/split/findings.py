"""What is told of a machine that is too large for the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from translator.analyses.components import strongly_connected
from translator.asl import Machine, State, States, inner_scopes
from translator.asl_targets import targets
from translator.diagnostics import Diagnostic, Position, Severity
from translator.emit import emit, emit_scope, to_compact_text
from translator.graph import FlowNode
from translator.legalize.size import sent_bytes
from translator.legalize.split.cutting import Split

TOO_LARGE: Final = "WF501"
WAS_SPLIT: Final = "WF502"
_NOWHERE: Final = Position(0, 0, "")


def check_sizes(split: Split, most_bytes: int, nodes: Mapping[str, FlowNode]) -> tuple[Diagnostic, ...]:
    """Whether the service takes the machine and its parts."""
    machine = max(split.machines, key=_bytes)
    size = _bytes(machine)
    if size <= most_bytes:
        return ()
    message = f"the state machine has {size:,} bytes, and the service takes {most_bytes:,}"
    if split.parts:
        message += f"; it was split into {len(split.parts) + 1}, and no cut makes that one smaller"
    name, state, large = _largest(machine.states)
    message += f'; what is largest in it is the state "{name}", with {large:,} bytes'
    hint = "split the workflow in two, or move large fixed values into a node's own data"
    if 2 * large < most_bytes:
        hint = "put some of its nodes into a workflow of its own, and run that by a `workflow` node"
        message += _uncut_loop(machine.states, most_bytes)
    node = nodes.get(state.origin.node)
    return (Diagnostic(TOO_LARGE, message, hint, _NOWHERE if node is None else node.position),)


def _largest(scope: States) -> tuple[str, State, int]:
    """The state without others inside it that has the most bytes."""
    found: list[tuple[str, State, int]] = []
    for name, state in scope.states.items():
        inside = [_largest(inner) for inner in inner_scopes(state)]
        found += inside or [(name, state, _bytes_of(States(name, {name: state})))]
    return max(found, key=lambda one: one[2])


def _uncut_loop(scope: States, most_bytes: int) -> str:
    """That a loop is too large, where there is one that is entered at several states."""
    sizes = {name: _bytes_of(States(name, {name: state})) for name, state in scope.states.items()}
    following = {name: targets(state) for name, state in scope.states.items()}
    loop = max(
        strongly_connected(following), key=lambda unit: (len(unit) > 1, sum(sizes[one] for one in unit))
    )
    size = sum(sizes[name] for name in loop)
    if len(loop) == 1 or size <= most_bytes:
        return ""
    return f'; its loop through "{loop[0]}" has {size:,} bytes, and nowhere in it do few enough values pass'


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


def _bytes_of(scope: States) -> int:
    return sent_bytes(to_compact_text(emit_scope(scope)))
