"""A Task in which the function node_task works: for a node, or for the machine before and behind one."""

from __future__ import annotations

from typing import Final, Literal

from translator.asl import Origin, Retrier
from translator.graph import FlowNode
from translator.json_value import JsonObject, JsonValue
from translator.lower.context import Context
from translator.lower.draft import Draft, Transition, expression
from translator.lower.errors import service_names
from translator.size_class import placeholder

RESULT: Final = "$states.result.Payload.output"
MOST_SECONDS: Final = 600
"""Of the machine's own work, which handles large values at once."""
_RETRY: Final = Retrier(service_names(("System", "Throttled"), ()), max_attempts=3, interval_seconds=2)
"""That work only makes objects named by their content, so it can be repeated."""


def node_key(context: Context, node: str) -> str:
    """The root run's id, the node, and the iteration of each loop around it: one key a piece of work."""
    return expression(' & "/" & '.join([f'{context.names.root} & "/{node}"', *context.counters(node)]))


def about(context: Context, node: FlowNode, effect: str, timeout_seconds: int) -> dict[str, JsonValue]:
    """What every payload begins with."""
    return {
        "project": context.project,
        "run": expression(context.names.run_id),
        "node": node.id,
        "type": node.type.name,
        "node_key": node_key(context, node.id),
        "attempt": expression("$states.context.State.RetryCount"),
        "effect": effect,
        "timeout_seconds": timeout_seconds,
    }


def machine_task(
    context: Context,
    node: FlowNode,
    role: Literal["prepare", "gather"],
    what: str,
    payload: JsonObject,
    success: Transition,
) -> Draft:
    """Work of the machine's own; what prepares stands where the node begins, what gathers behind it."""
    whole = {**about(context, node, "idempotent", MOST_SECONDS), **payload}
    return Draft(
        key=f"node:{node.id}" if role == "prepare" else f"gather:{node.id}",
        name=f"{node.name}: {what}",
        origin=Origin(node.id, role),
        kind="task",
        fields={"arguments": {"FunctionName": placeholder(node.definition.resources), "Payload": whole}},
        success=success,
        retry=(_RETRY,),
        timeout_seconds=MOST_SECONDS,
        shown=expression(RESULT),
        has_shown=True,
    )
