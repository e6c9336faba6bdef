"""What a node does, in a sentence that begins with a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from steploom.story.reading import Reading
from steploom.story.wording import bare, listed, shown
from translator.graph import FlowNode
from translator.node_type import Branching, Ending, Invoking, Iterating, Passing, Repeating, Starting, Waiting

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def work_of(reading: Reading, node: FlowNode) -> str:
    """The sentence; empty for a condition, whose ways tell all of it."""
    lowering = node.lowering
    if isinstance(lowering, Branching):
        branches = reading.branches(node.id)
        names = f"the branch{'es' if len(branches) > 1 else ''} {listed(branches)}"
        return f"Runs what follows side by side, as one node: {names}."
    if isinstance(lowering, Invoking):
        return _calling(node, lowering)
    told = _TOLD.get(type(lowering))
    return told(lowering) if told else ""


def _calling(node: FlowNode, lowering: Invoking) -> str:
    if lowering.is_evaluation:
        return f"Makes {shown(lowering.parameters)}, in a function."
    special = _CALLS.get(node.type.name)
    return special(node.definition.parameters) if special else f"{node.type.summary}."


def _making(lowering: Passing) -> str:
    if lowering.assign:
        return f"Sets {listed([f'{name} to {shown(value)}' for name, value in lowering.assign.items()])}."
    return (
        f"Makes {shown(lowering.output)}." if lowering.output not in ({}, [], None) else "Computes nothing."
    )


def _waiting(lowering: Waiting) -> str:
    return f"Waits until {shown(lowering.until)}." if lowering.until else f"Waits {_for(lowering.seconds)}."


def _for(seconds: Any) -> str:
    if not isinstance(seconds, int):
        return f"{shown(seconds)} seconds"
    unit, length = next(
        ((unit, length) for unit, length in _UNITS if seconds and seconds % length == 0), _UNITS[-1]
    )
    count = seconds // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _ending(lowering: Ending) -> str:
    if lowering.status == "succeeded":
        given = "" if lowering.output is None else f", with the output {shown(lowering.output)}"
        return f"Ends the whole run as succeeded{given}."
    cause = f": {shown(lowering.cause)}" if lowering.cause else ""
    return f"Ends the whole run as failed, with the error {shown(lowering.error)}{cause}."


def _starting(lowering: Starting) -> str:
    if lowering.waits:
        return f"Runs the workflow {lowering.workflow} and waits for its output."
    return f"Starts the workflow {lowering.workflow} and does not wait for it."


def _iterating(lowering: Iterating) -> str:
    pace = "" if lowering.concurrency is None else f", at most {lowering.concurrency} at once"
    pace = ", one after the other" if lowering.concurrency == 1 else pace
    own = "" if lowering.children is None else f"; {_children(lowering)}"
    return f"Repeats what follows for each of {shown(lowering.items)}{pace}{own}."


def _children(lowering: Iterating) -> str:
    kind = "an Express" if lowering.children == "EXPRESS" else "a Standard"
    if lowering.batch_size is None:
        return f"each is {kind} execution of its own"
    return f"every {lowering.batch_size} of them share {kind} execution of their own"


def _repeating(lowering: Repeating) -> str:
    times = "once" if lowering.max_iterations == 1 else f"{lowering.max_iterations} times"
    condition = f"Repeats what follows as long as {bare(lowering.condition)}, at most {times}"
    return f"{condition}; if it holds once more, fails with TooManyIterations."


def _function(parameters: Mapping[str, Any]) -> str:
    return f"Calls the function {parameters['function']}."


def _request(parameters: Mapping[str, Any]) -> str:
    return f"Sends {parameters.get('method', 'GET')} {shown(parameters['url'])}."


_CALLS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "function": _function,
    "http_request": _request,
}

_TOLD: Final[Mapping[type, Callable[[Any], str]]] = {
    Passing: _making,
    Waiting: _waiting,
    Ending: _ending,
    Starting: _starting,
    Iterating: _iterating,
    Repeating: _repeating,
}
