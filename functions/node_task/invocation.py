"""Runs one node once: finds its type, does the work, and remembers what a `once` node has done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args

from pydantic import ValidationError

from functions.node_task.data import Data
from functions.node_task.evaluation import evaluate
from functions.node_task.iterations import gather, keep_items
from functions.node_task.records import Outcome, Records
from functions.node_task.sub_runs import FindWorkflow, no_workflow, prepare_start
from layers.runtime.json_value import JsonObject, JsonValue, NotJsonError, write_json
from layers.runtime.objects import MemoryObjects, Objects
from translator.error_classes import NAMES_OF_CLASS, NodeError, OutcomeUnknown, Unknown, Validation
from translator.node_type import Effect, NodeType, RunContext
from translator.nodes import load, names

_OF_EXECUTIONS: Final = MappingProxyType({"items": keep_items, "gather": gather})
"""By field of the payload the work that is the machine's own, before and behind a `for_each`."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The payload of a node's Task state, read."""

    node: str
    type: str
    node_key: str
    attempt: int
    effect: Effect
    timeout_seconds: float
    parameters: Mapping[str, Any]
    errors: frozenset[str]
    """The errors of its own that the definition mentions."""
    evaluate: str | None = None
    """JSONata source whose value is the node's work; `parameters` are then the names that it reads."""
    repeated: bool = False
    """Whether a process that ended without an answer was asked to do this before."""


def invoke_node(
    payload: Mapping[str, Any],
    records: Records,
    clock: Callable[[], float],
    find_type: Callable[[str], NodeType] = load,
    objects: Objects | None = None,
    find_workflow: FindWorkflow = no_workflow,
) -> dict[str, JsonValue]:
    """Runs the node of a Task's payload and gives `{"output": …}`.

    `clock` gives epoch seconds; `objects` keeps what is too large to travel through the state machine;
    `find_workflow` knows the workflows that nodes start runs of.

    Raises a NodeError whose class name is the error's name in the machine; what a node type did not foresee
    becomes Unknown, a name that the definition does not mention becomes the class it belongs to, both with
    that name before the message; parameters that do not fit become Validation.
    A node of effect `once` that has a record is not run again: its recorded outcome is repeated. Without a
    record, but `repeated`, it is OutcomeUnknown unless its type makes a repeat safe.
    """
    invocation = read_payload(payload)
    data = Data.of(payload, objects or MemoryObjects())
    for name, work in _OF_EXECUTIONS.items():
        if name in payload:
            return _foreseen(lambda: work(payload, data), invocation)  # noqa: B023 (called at once)
    if "start" in payload:
        return _foreseen(lambda: prepare_start(payload, data, find_workflow), invocation)
    once = invocation.effect == "once"
    recorded = records.find(invocation.node_key, str(payload.get("run", ""))) if once else None
    if recorded is None:

        def respond(answer: JsonObject) -> bool:
            return records.respond(invocation.node_key, write_json(answer), clock())

        outcome = _work(invocation, find_type, data, respond)
        recorded = records.keep(invocation.node_key, outcome, clock()) if once else outcome
    if recorded.error is not None:
        raise Validation(recorded.error)
    return {"output": data.inline(recorded.output)}


def read_payload(payload: Mapping[str, Any]) -> Invocation:
    """The payload's fields; raises Validation if the machine sent something else."""
    try:
        return Invocation(
            node=str(payload["node"]),
            type=str(payload["type"]),
            node_key=str(payload["node_key"]),
            attempt=int(payload.get("attempt") or 0),
            effect=_effect(payload.get("effect", "once")),
            timeout_seconds=float(payload.get("timeout_seconds") or 60),
            parameters=payload.get("parameters") or {},
            errors=frozenset(map(str, payload.get("errors") or ())),
            evaluate=payload.get("evaluate"),
            repeated=bool(payload.get("repeated")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Validation(
            f"the payload of a node's Task is not complete ({type(error).__name__}: {error}); "
            "only machines compiled by Steploom can call this function"
        ) from error


def _effect(given: object) -> Effect:
    for effect in get_args(Effect):
        if given == effect:
            known: Effect = effect
            return known
    raise ValueError(f"'effect' is {given!r}")


def _work(
    invocation: Invocation,
    find_type: Callable[[str], NodeType],
    data: Data,
    respond: Callable[[JsonObject], bool],
) -> Outcome:
    work = _work_of(invocation, find_type, respond)
    parameters = data.whole(invocation.parameters)
    assert isinstance(parameters, Mapping)
    output = _foreseen(lambda: work(parameters), invocation)
    return _outcome(invocation, output, data)


_Given = TypeVar("_Given")


def _foreseen(work: Callable[[], _Given], invocation: Invocation) -> _Given:
    """What the work gives; whatever it raises, raised as an error that the machine knows."""
    try:
        return work()
    except NodeError as error:
        if type(error).__name__ in NAMES_OF_CLASS.keys() | invocation.errors:
            raise
        raise _in_a_known_class(error) from error
    except ValidationError as error:
        raise Validation(_misfits(invocation, error)) from error
    except Exception as error:
        raise Unknown(f"{type(error).__name__}: {error}") from error


def _work_of(
    invocation: Invocation, find_type: Callable[[str], NodeType], respond: Callable[[JsonObject], bool]
) -> Callable[[Mapping[str, Any]], JsonValue]:
    source = invocation.evaluate
    if source is not None:
        return lambda values: evaluate(invocation.node, source, values)
    node_type = _type_of(invocation, find_type)
    if invocation.repeated and invocation.effect == "once":
        _check_repeat(invocation, node_type)
    context = RunContext(
        invocation.node_key, invocation.attempt, invocation.timeout_seconds, invocation.effect, respond
    )
    return lambda parameters: node_type.run(parameters, context)


def _check_repeat(invocation: Invocation, node_type: NodeType) -> None:
    if not node_type.is_safe_to_repeat(invocation.parameters):
        raise OutcomeUnknown(
            f"node '{invocation.node}' was begun before, and its process ended without an answer: "
            "it may have acted"
        )


def _in_a_known_class(error: NodeError) -> NodeError:
    """The error under the name of the class that it belongs to, its own name before its message.

    The `*` of a machine stands for our classes and for what the definition mentions: no other name is caught.
    """
    classes = (known for known in type(error).__mro__ if known.__name__ in NAMES_OF_CLASS)
    known: type[NodeError] = next(classes, Unknown)
    return known(f"{type(error).__name__}: {error}", retry_after=error.retry_after)


def _type_of(invocation: Invocation, find_type: Callable[[str], NodeType]) -> NodeType:
    try:
        return find_type(invocation.type)
    except KeyError as error:
        known = ", ".join(names())
        raise Validation(
            f"node '{invocation.node}' is of type '{invocation.type}', which this function does not have "
            f"(it has {known}); deploy the function and the workflow from the same version"
        ) from error


def _misfits(invocation: Invocation, error: ValidationError) -> str:
    places = "; ".join(
        f"'{'.'.join(str(part) for part in problem['loc'])}': {problem['msg']}" for problem in error.errors()
    )
    return f"the evaluated parameters of node '{invocation.node}' do not fit its type: {places}"


def _outcome(invocation: Invocation, output: JsonValue, data: Data) -> Outcome:
    """What came out, or why it cannot be passed on: also that is remembered, for the work is done."""
    try:
        return Outcome(output=data.stored(write_json(output)))
    except NotJsonError as error:
        return Outcome(error=f"node '{invocation.node}' gave something that is not JSON: {error}")
    except Validation as error:
        return Outcome(error=str(error))
