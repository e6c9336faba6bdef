"""Express or Standard: what of a workflow an Express state machine cannot do (AWS: choosing a type)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from translator.asl import Map, State, States, Task, Wait, inner_scopes
from translator.definition.model import Node, WorkflowDefinition
from translator.definition.positions import Positions
from translator.diagnostics import Diagnostic, Severity
from translator.graph import FlowNode
from translator.legalize.split import Split
from translator.node_type import Invoking

MachineType: TypeAlias = Literal["STANDARD", "EXPRESS"]
CANNOT: Final = "WF370"
DECIDED: Final = "WF371"
LONGEST_SECONDS: Final = 300
"""How long an Express run may take (AWS: Step Functions quotas)."""
_WAITING: Final = {
    ".waitForTaskToken": "waits for somebody to answer",
    ".sync": "waits for another run to end",
    ".sync:2": "waits for another run to end",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks against Express; `pointer` is its place in the definition."""

    text: str
    pointer: str
    is_certain: bool = True
    """Whether Express cannot do it at all, and not only perhaps."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The type of a workflow's state machine, and what is to be told about it."""

    machine_type: MachineType
    diagnostics: tuple[Diagnostic, ...] = ()


def decide(
    definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], split: Split, positions: Positions
) -> Decision:
    """Of a workflow whose `settings.type` is `express` or `auto`, which is Express where that can be."""
    wanted = definition.settings.type
    reasons = list(_reasons(definition, nodes, split))
    if wanted == "express":
        refused = (_refusal(reason, positions) for reason in reasons if reason.is_certain)
        return Decision("EXPRESS", tuple(refused))
    if not reasons:
        told = "it becomes an Express workflow: all its nodes may be repeated, and none waits for long"
        return Decision("EXPRESS", (_note(told, "/settings/type", positions),))
    more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    told = f"it becomes a Standard workflow: {reasons[0].text}{more}"
    return Decision("STANDARD", (_note(told, reasons[0].pointer, positions),))


def _refusal(reason: Reason, positions: Positions) -> Diagnostic:
    message = f"an Express workflow cannot do this: {reason.text}"
    hint = "write `settings: {type: standard}`, or `auto` to let the definition decide"
    return Diagnostic(CANNOT, message, hint, positions.at(reason.pointer))


def _note(message: str, pointer: str, positions: Positions) -> Diagnostic:
    hint = "fine as it is; `standard` or `express` in its place decides for good"
    return Diagnostic(DECIDED, message, hint, positions.at(pointer), Severity.NOTE)


def _reasons(definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], split: Split) -> Iterator[Reason]:
    pointers = {node.id: f"/nodes/{index}" for index, node in enumerate(definition.nodes)}
    for node in definition.nodes:
        if node.id in nodes:
            yield from _of_node(node, nodes[node.id], pointers[node.id])
    if definition.settings.concurrency is not None:
        text = "it limits how many runs are under way at once, and nothing tells when an Express run ends"
        yield Reason(text, "/settings/concurrency")
    if split.parts:
        yield Reason("the workflow is too large for one state machine", "/settings/type")
    for state in (state for one in split.machines for state in _every_state(one.states)):
        if state.origin.role != "part":
            yield from _of_state(state, pointers.get(state.origin.node, ""))


def _of_node(node: Node, typed: FlowNode, pointer: str) -> Iterator[Reason]:
    effect = node.effect or typed.type.default_effect(node.parameters)
    if isinstance(typed.lowering, Invoking) and effect == "once":
        text = f'node "{node.id}" has the effect "once", and an Express run may be begun again from its start'
        yield Reason(text, f"{pointer}/effect" if node.effect else pointer)
    if node.compensate_with is not None:
        yield Reason(f'node "{node.id}" is compensated', f"{pointer}/compensate_with")
    if node.join == "first":
        yield Reason(f'node "{node.id}" has `join: first`', f"{pointer}/join")
    if (node.timeout_seconds or 0) > LONGEST_SECONDS:
        text = f'node "{node.id}" may take {node.timeout_seconds:,} seconds'
        yield Reason(text, f"{pointer}/timeout_seconds", is_certain=False)


def _of_state(state: State, pointer: str) -> Iterator[Reason]:
    node = f'node "{state.origin.node}"'
    if isinstance(state, Map) and state.distributed is not None:
        yield Reason(f"{node} runs its items in executions of their own", pointer)
    elif isinstance(state, Task):
        for pattern, what in _WAITING.items():
            if state.resource.endswith(pattern):
                yield Reason(f"{node} {what}", pointer)
    elif isinstance(state, Wait):
        yield from _of_wait(state, node, pointer)


def _of_wait(wait: Wait, node: str, pointer: str) -> Iterator[Reason]:
    if not isinstance(wait.seconds, (int, float)):
        yield Reason(f"how long {node} waits is known only in the run", pointer, is_certain=False)
    elif wait.seconds > LONGEST_SECONDS:
        yield Reason(f"{node} waits {wait.seconds:,} seconds, and a run may take {LONGEST_SECONDS}", pointer)


def _every_state(scope: States) -> Iterator[State]:
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from _every_state(inner)
