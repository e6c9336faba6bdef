"""Makes the state machine of a run that goes on from an earlier one: what has ended there is pinned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.activate.activation import Activator, deployed
from functions.activate.compilation import to_json
from functions.activate.single_node import single_node
from functions.activate.sweeping import sweep
from layers.runtime.json_value import JsonValue
from layers.runtime.problems import invalid_definition, workflow_not_found
from layers.runtime.run_control_problems import cannot_pin, node_cannot_begin, node_not_found
from layers.runtime.step_functions import machine_name
from layers.runtime.store import ConditionFailedError
from layers.runtime.store.pinned import PinnedMachine, find_pinned, keep_pinned, note_use
from layers.runtime.store.versions import find_definition
from layers.runtime.store.workflows import find_draft
from layers.runtime.timeline import iso_time
from layers.runtime.version_problems import version_not_found
from translator.analyses.loops import find_loops
from translator.compiler import Compilation, CompileOptions, compile_data, compile_text
from translator.definition.model import Pin
from translator.diagnostics import DiagnosticsError, Severity
from translator.pins import pinned_input
from translator.pins.ended_run import NodeEnd, pins_of_run


@dataclass(frozen=True, slots=True)
class PinRequest:
    """What a run is to go on with."""

    workflow: str
    version: int | None
    """None is the draft."""
    trigger: str
    ends: tuple[NodeEnd, ...]
    """All runs of nodes of the earlier run, in order of start."""
    begin: tuple[str, ...] = ()
    """The nodes that are to run again whatever became of them."""
    behind: tuple[str, ...] = ()
    """The nodes that what follows them is to run again."""
    given: Mapping[str, Pin] | None = None
    """Nodes of which somebody says how they have ended."""
    variables: Mapping[str, JsonValue] | None = None
    only: str | None = None
    """The one node that is to run: the others have given what is said, else nothing."""
    publish: bool = True

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> PinRequest:
        """What the API asks for, in JSON."""
        given = {node: Pin.model_construct(**pin) for node, pin in request.get("given", {}).items()}
        return cls(
            request["workflow"],
            request["version"],
            request["trigger"],
            tuple(_end_of(end) for end in request.get("ends", ())),
            tuple(request.get("begin", ())),
            tuple(request.get("behind", ())),
            given,
            request.get("variables") or {},
            request.get("only"),
            request.get("publish", True),
        )


def pin(activator: Activator, request: PinRequest) -> dict[str, JsonValue]:
    """Publishes the machine, or finds it published; gives how it is started and with which pins.

    Raises RequestError 404 and 422, PlatformError 502; nothing is changed then.
    """
    text, form = _definition(activator, request)
    whole = _compiled(activator, lambda options: compile_text(text, file_name=f"a.{form}", options=options))
    _refuse_unknown(whole, request)
    if request.only is not None:
        _beginning(whole, request.only)
        alone = single_node(text, request.only)
        whole = _compiled(activator, lambda options: compile_data(alone, options=options))
    begin = [_beginning(whole, node) for node in request.begin]
    pins = _pins(whole, request, begin)
    pinned = whole.pinned(pins, request.variables or {}, request.trigger)
    errors = [found for found in pinned.diagnostics if found.severity is Severity.ERROR]
    if errors:
        raise cannot_pin(to_json(errors))
    for node in begin:
        _refuse_idle(pinned, node)
    machine = _published(activator, request, pinned) if request.publish else None
    return {
        "machine_version_arn": None if machine is None else machine.machine_version_arn,
        "pinned": None if machine is None else machine.digest,
        "begin": list(begin),
        "pins": {node: _told(pin) for node, pin in pins.items()},
        "failures": pinned_input({node: pin for node, pin in pins.items() if pin.status == "failed"}),
        "pins_keep": dict(pinned.manifest.pins_keep),
        "trigger_keep": pinned.manifest.trigger_keep,
        "has_input": pinned.definition.input is not None,
    }


def _end_of(given: Mapping[str, Any]) -> NodeEnd:
    iteration = given.get("iteration")
    return NodeEnd(**{**given, "iteration": None if iteration is None else tuple(iteration)})


def _told(pin: Pin) -> JsonValue:
    port = pin.output.get("port") if isinstance(pin.output, Mapping) else None
    iteration = None if pin.iteration is None else list(pin.iteration)
    told: dict[str, JsonValue] = {"status": pin.status, "port": port, "iteration": iteration}
    return {name: value for name, value in told.items() if value is not None}


def _definition(activator: Activator, request: PinRequest) -> tuple[str, str]:
    """Its text and format; raises RequestError (404)."""
    if request.version is None:
        draft = find_draft(activator.store, request.workflow)
        if draft is None:
            raise workflow_not_found(request.workflow)
        return draft.text, draft.format
    found = find_definition(activator.store, request.workflow, request.version)
    if found is None:
        raise version_not_found(request.workflow, request.version)
    return found


def _compiled(activator: Activator, compiling: Callable[[CompileOptions], Compilation]) -> Compilation:
    """Raises RequestError (422): a version may have been compiled by another release than this one."""
    try:
        compilation = compiling(CompileOptions(project=activator.store.project))
        _ = compilation.graph
    except DiagnosticsError as error:
        raise invalid_definition(to_json(error.diagnostics)) from error
    return compilation


def _pins(whole: Compilation, request: PinRequest, begin: Iterable[str]) -> dict[str, Pin]:
    given = request.given or {}
    if request.only is not None:
        outputs = {name: pin.output for name, pin in given.items()}
        return {name: Pin(output=outputs.get(name)) for name in whole.graph.nodes if name != request.only}
    again = {*begin, *(node for node in request.behind if node in whole.graph.nodes)}
    found = pins_of_run(whole.graph, find_loops(whole.graph), request.ends, again)
    return {**found, **{name: _in_its_loop(found.get(name), pin) for name, pin in given.items()}}


def _in_its_loop(found: Pin | None, given: Pin) -> Pin:
    """What is given of a node that ran in a loop ends in the same iteration."""
    return given if found is None else given.model_copy(update={"iteration": found.iteration})


def _refuse_unknown(whole: Compilation, request: PinRequest) -> None:
    known = sorted(node.id for node in whole.definition.nodes)
    only = () if request.only is None else (request.only,)
    for node in (*request.begin, *request.behind, *(request.given or {}), *only):
        if node not in known:
            raise node_not_found(request.workflow, node, known)


def _beginning(whole: Compilation, node: str) -> str:
    """The node that a run can begin with for it; raises RequestError (422) where there is none."""
    parents = {each.id: each.parent for each in whole.definition.nodes}
    body = parents[node]
    if body is not None:
        while parents[body] is not None:
            body = parents[body] or body
        reason = f"it is inside the body of '{body}', whose iterations are not kept apart"
        raise node_cannot_begin(node, reason, f"Begin with '{body}': what it did `once` is not done again.")
    if node not in whole.graph.nodes:
        reason = "it runs only after a failure, or nothing leads to it"
        raise node_cannot_begin(node, reason, "Begin with the node that failed.")
    return node


def _refuse_idle(pinned: Compilation, node: str) -> None:
    places: Sequence[Any] = list(pinned.source_map.to_json()["states"].values())
    if not any(node in (place["node"], *_beside(place)) for place in places):
        reason = "with what has ended before it in that run, it is not reached"
        hint = "Begin with the condition that decides about it, or with a node before that."
        raise node_cannot_begin(node, reason, hint)


def _beside(place: Mapping[str, Any]) -> Iterable[str]:
    return (*place.get("before", ()), *place.get("chain", ()), *place.get("after", ()))


def _published(activator: Activator, request: PinRequest, pinned: Compilation) -> PinnedMachine:
    text = deployed(activator, pinned.sent_text)
    parts = {name: deployed(activator, part) for name, part in pinned.sent_parts.items()}
    digest = hashlib.sha256("\0".join([text, *parts.values()]).encode()).hexdigest()[:32]
    known = find_pinned(activator.store, request.workflow, digest)
    now = iso_time(activator.clock())
    if known is not None and note_use(activator.store, known, now):
        return known
    sweep(activator.store, activator.machines, activator.clock)
    for name, part in parts.items():
        activator.machines.keep_part(name, part)
    is_express = pinned.machine_type == "EXPRESS"
    name = machine_name(activator.store.project, request.workflow, express=is_express)
    arn = activator.machines.publish(name, text)
    machine = PinnedMachine(request.workflow, digest, request.version or 0, arn, now)
    try:
        keep_pinned(activator.store, machine, pinned.source_map.to_json())
    except ConditionFailedError:
        # Somebody else has published the same at the same time: both run equally.
        return find_pinned(activator.store, request.workflow, digest) or machine
    return machine
