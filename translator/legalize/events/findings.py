"""What is told of a workflow whose runs have more history events than one execution may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from translator.asl import Map
from translator.diagnostics import Diagnostic, Position, Severity
from translator.forecast.cycles import Cycle
from translator.graph import FlowNode
from translator.legalize.events.weight import Heavy, Weighing, Weight, batches, executions
from translator.legalize.split import Split

TOO_LONG: Final = "WF570"
RUNS_IN_PARTS: Final = "WF571"
_NOWHERE: Final = Position(0, 0, "")


def check_events(
    split: Split, declared: Mapping[str, int], nodes: Mapping[str, FlowNode], most_events: int
) -> tuple[Diagnostic, ...]:
    """Whether every execution of a run has room for its history."""
    weighing = Weighing(declared, {**split.rounds})
    scopes = [scope for machine in split.machines for scope in executions(machine.states)]
    for scope in scopes:
        weighing.rounds.update(batches(scope))
    weights = [weighing.of_run(scope) for scope in scopes]
    long = [weight for weight in weights if weight.events > most_events]
    return tuple(_refusal(split, weight, nodes, most_events) for weight in long)


def _refusal(split: Split, weight: Weight, nodes: Mapping[str, FlowNode], most_events: int) -> Diagnostic:
    events = split.events or weight.events
    message = (
        f"a run may take {events:,} history events, and the service ends an execution at {most_events:,}"
    )
    if split.events:
        message += f"; divided as far as it can be, one of its executions still takes {weight.events:,}"
    heaviest = weight.heaviest(weight.level)
    if not heaviest:
        hint = "divide the workflow in two, of which one runs the other by a `workflow` node"
        return Diagnostic(TOO_LONG, message, hint, _NOWHERE)
    node, why, hint = _told(weight, heaviest[0])
    position = nodes[node].position if node in nodes else _NOWHERE
    return Diagnostic(TOO_LONG, f"{message}: {why}", hint, position)


def _told(weight: Weight, heavy: Heavy) -> tuple[str, str, str]:
    """The node that takes most, what of it takes so much, and what can be done."""
    part, states = heavy.part, weight.scope.states
    if isinstance(part, Cycle):
        node, repeats = weight.node_of(part), weight.repeats(part)
        each = weight.of_repeat(part)
        why = f'the loop at "{node}" is repeated up to {repeats:,} times, of {each:,} events each'
        return node, why, f"lower the bound of {repeats:,}, or do more in each call of a function"
    state = states[part]
    node = state.origin.node
    if not isinstance(state, Map):
        why = f'what "{part}" runs side by side takes {heavy.events:,}'
        return node, why, "put some of it into a workflow of its own, and run that by a `workflow` node"
    items = weight.weighing.items(state)
    why = f'"{node}" has up to {items:,} items, of {heavy.events // max(items, 1):,} events each'
    return node, why, "run the items as executions of their own (`mode: distributed`), or lower `max_items`"


def events_note(split: Split, most_events: int) -> tuple[Diagnostic, ...]:
    """That a run of the workflow is one of several executions, because its history would be too long."""
    if not split.events:
        return ()
    count = len(split.parts)
    parts = "a part of it runs" if count == 1 else f"{count} parts of it run"
    message = (
        f"a run may take {split.events:,} history events, and an execution can have {most_events:,}, "
        f"so {parts} in other executions"
    )
    hint = "fine as it is; each such execution costs a few transitions and about a second"
    return (Diagnostic(RUNS_IN_PARTS, message, hint, _NOWHERE, Severity.NOTE),)
