"""Runs a case the product's way: compiled, interpreted on virtual time, read from its history."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias

from tests.properties.behaviour import Answer, Items
from tests.properties.cases import Case
from tests.properties.observed import MachineRun, Observing, spans, unfinished
from tests.properties.plan import Plan, Plans
from tests.properties.world import is_body
from translator.chain import Failed, Timing, run_chain
from translator.compiler import Compilation, CompileOptions, compile_text
from translator.definition.model import Pin, WorkflowDefinition
from translator.diagnostics import Severity
from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)
from translator.lower import BodyParts
from translator.testing.starts import Start, start_of

BEGIN: Final = 1_767_225_600.0
Level: TypeAlias = Literal[0, 1, 2]
LEVELS: Final[tuple[Level, ...]] = (0, 1, 2)
IN_NODE: Final = re.compile(r" \(in node [a-z][a-z0-9_]*\)")
"""By which a failure in an invocation of several nodes tells whose it is."""
_OF_EVERY_LEVEL: Final = ("_resolved", "_bound", "_facts", "_checked", "_evaluated", "regions")
_FROM_LEVEL_1: Final = ("lowered", "bodies")
"""The phases, by their properties of a compilation, that give the same at every level, or at all but 0."""
OWN_ROLES: Final = frozenset({"task", "choice", "pass", "wait", "guard"})
"""The source map's roles of the states that do a node's work, or guard what does."""


def compiled(case: Case, level: Level | None = None) -> Compilation:
    """The case's definition, compiled, at an optimize level of its own if one is given."""
    pins = {node: Pin.model_validate(pin.to_json()) for node, pin in case.given.pins.items()}
    options = CompileOptions(optimize=level)
    compilation = compile_text(json.dumps(case.definition), file_name="case.json", options=options)
    return compilation.pinned(pins, case.given.variables, str(case.trigger["id"]))


def at_level(compilation: Compilation, level: Level) -> Compilation:
    """The same definition at a higher level; phases that come to the same are not run again."""
    below = compilation.options.optimize
    other = replace(compilation, options=replace(compilation.options, optimize=level))
    _take(other, compilation, _OF_EVERY_LEVEL)
    if below or _is_structured_alike(compilation, other):
        _take(other, compilation, _FROM_LEVEL_1)
    return other


def _take(other: Compilation, compilation: Compilation, phases: Collection[str]) -> None:
    other.__dict__.update({name: value for name, value in vars(compilation).items() if name in phases})


def _is_structured_alike(one: Compilation, other: Compilation) -> bool:
    """Whether level 1 undoes no fork."""
    if any(found.severity is Severity.ERROR for found in one.diagnostics):
        return False
    return one.bodies == other.bodies and _whole(one) == _whole(other)


def _whole(compilation: Compilation) -> BodyParts:
    cut = compilation._evaluated.cut
    pinning = None if cut is None else cut.pinning
    return compilation._structuring.whole(compilation._rest, compilation.regions, pinning)


def execute(case: Case, compilation: Compilation, plain: Compilation | None = None) -> MachineRun:
    """The run of the machine under the case's trigger and answers; `plain` is the same at level 0."""
    execution = executed(case, compilation)
    bodies = bodies_of(case.model())
    observing = observing_of(compilation.source_map.to_json(), bodies)
    return MachineRun(
        status=execution.status,
        output=execution.output,
        error=execution.error,
        cause=None if execution.cause is None else IN_NODE.sub("", execution.cause),
        spans=spans(execution.history, observing, BEGIN),
        seen=(observing.seen | _missing(compilation, observing.seen | bodies, plain))
        - unfinished(execution.history, observing),
    )


def executed(case: Case, compilation: Compilation) -> Execution:
    """The same as the interpreter has it, its history with it."""
    execution = Execution(
        StateMachine.parse(compilation.machine),
        input={
            "trigger": case.trigger,
            "run": {"project": "main", "workflow": "drawn", "version": 1},
            **compilation.pinned_input,
        },
        name="main-drawn-20260101T000000-00000000",
        arn="arn:aws:states:eu-south-1:123456789012:execution:main-drawn:main-drawn-20260101T000000-00000000",
        state_machine_arn="arn:aws:states:eu-south-1:123456789012:stateMachine:main-drawn",
        started_at=BEGIN,
        seed=0,
    )
    counters = counters_of(case.plans)
    tried: Counter[tuple[str, Items]] = Counter()
    keys: set[object] = set()

    def answer(request: TaskRequest) -> TaskAnswer:
        start = start_of(request)
        if start is not None:
            # Drawn outside of every `for_each` only: its execution's name does not tell the item.
            body = {"arguments": start.input["trigger"]["body"]}
            given = case.answer((), start.node, tried[start.node, ()], body)
            tried[start.node, ()] += 1
            return as_run(start, given)
        payload = _payload(request)
        if "start" in payload:
            return prepared(payload)
        return chained(payload, answer_one) if "chain" in payload else answer_one(payload)

    def answer_one(payload: Mapping[str, Any]) -> TaskAnswer:
        node = str(payload["node"])
        if payload["attempt"] == 0:
            # A `once` record is found by this key: a repeated key would repeat the first iteration's result.
            assert payload["node_key"] not in keys, f"{payload['node_key']} is the key of two pieces of work"
            keys.add(payload["node_key"])
        items = items_in(str(payload["node_key"]), counters[node])
        given = case.answer(items, node, tried[node, items], payload["parameters"])
        tried[node, items] += 1
        if given.error is not None:
            return TaskAnswer(TaskFailed(given.error, given.cause), given.seconds)
        return TaskAnswer(
            TaskSucceeded({"Payload": {"output": given.output}, "StatusCode": 200}), given.seconds
        )

    run_virtual(execution, answer)
    return execution


def prepared(payload: Mapping[str, Any]) -> TaskAnswer:
    """What the function that holds a sub-run's body to its workflow's input makes of a small one."""
    trigger = {"id": payload["start"]["trigger"], "type": "workflow", **payload["parameters"]}
    output = {**trigger, "run": payload["run"], "node": payload["node"]}
    return TaskAnswer(TaskSucceeded({"Payload": {"output": output}, "StatusCode": 200}))


def as_run(start: Start, given: Answer) -> TaskAnswer:
    """How the service answers a Task that runs another workflow."""
    if given.error is None:
        return TaskAnswer(start.succeeded(given.output), given.seconds)
    return TaskAnswer(start.failed(given.error, given.cause), given.seconds)


def chained(payload: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], TaskAnswer]) -> TaskAnswer:
    """Several nodes in one invocation, on virtual time."""
    passed = [0.0]

    def attempt(link: Mapping[str, Any]) -> Mapping[str, Any] | Failed:
        given = answer(link)
        passed[0] += given.seconds
        if isinstance(given.outcome, TaskFailed):
            return Failed(str(given.outcome.error), given.outcome.cause or "")
        assert given.outcome is not None
        assert isinstance(given.outcome.value, dict)
        own = given.outcome.value["Payload"]
        assert isinstance(own, dict)
        return own

    timing = Timing(lambda: passed[0], lambda seconds: passed.append(passed.pop() + seconds))
    ran = run_chain(payload["chain"], attempt, timing)
    if isinstance(ran, Failed):
        return TaskAnswer(TaskFailed(ran.error, ran.message), passed[0])
    return TaskAnswer(TaskSucceeded({"Payload": ran, "StatusCode": 200}), passed[0])


def _missing(compilation: Compilation, shown: frozenset[str], plain: Compilation | None) -> frozenset[str]:
    """Nodes that have no state even where nothing is folded into another: nothing leads to them."""
    hidden = {node.id for node in compilation.definition.nodes} - shown
    if not hidden:
        return frozenset()
    plain = plain or replace(compilation, options=replace(compilation.options, optimize=0))
    return frozenset(hidden) - observing_of(plain.source_map.to_json(), frozenset()).seen


def bodies_of(definition: WorkflowDefinition) -> frozenset[str]:
    """The nodes that hold others: they have no work of their own to be seen."""
    return frozenset(node.id for node in definition.nodes if is_body(node))


def items_in(node_key: str, counters: Sequence[bool]) -> Items:
    """The items that a piece of work is for, by its key; loops with several ways in may count more."""
    path = [int(part) for part in node_key.split("/")[2:]]
    if not any(counters):
        return ()
    return tuple(index for index, is_item in zip(path, counters, strict=True) if is_item)


def counters_of(plans: Plans) -> Mapping[str, tuple[bool, ...]]:
    """By node, of each counter in its key, outermost first, whether it counts the items of a `for_each`."""
    found: dict[str, tuple[bool, ...]] = {}
    handlers = plans.definition.error_handlers
    pending: list[tuple[Plan, tuple[bool, ...]]] = [
        (plans.normal(None), ()),
        *((plans.handler(one), ()) for one in handlers if one.of is None),
    ]
    while pending:
        plan, above = pending.pop()
        for node in plan.graph.nodes.values():
            jumps = (False,) if node.id in plan.jump_of else ()
            found[node.id] = above + tuple(False for loop in plan.loops if node.id in loop.nodes) + jumps
            if is_body(node):
                own = () if node.type == "parallel" else (node.type == "for_each",)
                pending.append((plans.normal(node.id), found[node.id] + own))
            pending += [(plans.handler(one), found[node.id]) for one in handlers if one.of == node.id]
    return found


def observing_of(source_map: Mapping[str, Any], bodies: Set[str]) -> Observing:
    """Where a history shows which nodes; a body node is left out, as what is inside it can be seen."""
    ends = {node for node, one in source_map["nodes"].items() if one["type"] == "terminate"}
    places: Mapping[str, Mapping[str, Any]] = source_map["states"]
    own = {
        name: (str(one["node"]), one["role"] != "guard")
        for name, one in places.items()
        if one["node"] not in bodies
        and (one["role"] in OWN_ROLES or (one["role"] == "end" and one["node"] in ends))
    }
    before = {name: one["before"] for name, one in places.items() if "before" in one}
    after = {name: one["after"] for name, one in places.items() if "after" in one}
    failing = {name: str(one["failing"]) for name, one in places.items() if "failing" in one}
    chains = {name: one["chain"] for name, one in places.items() if "chain" in one}
    return Observing(own, before, after, failing, chains)


def _payload(request: TaskRequest) -> Mapping[str, Any]:
    assert isinstance(request.arguments, Mapping)
    payload = request.arguments["Payload"]
    assert isinstance(payload, Mapping)
    return payload
