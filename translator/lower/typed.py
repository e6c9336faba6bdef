"""Draft states to typed states: the last part of lowering, one state at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from translator import asl
from translator.json_value import JsonValue
from translator.lower.draft import END, Draft, batch_key, expression, renamed, rewritten
from translator.lower.place import Placed, Written, before_names, place, selected, written


def typed_states(placed: Placed) -> asl.States:
    """The states of a scope and, inside its Parallels, of every scope below; names are still keys."""
    states = {key: _typed(placed, draft) for key, draft in placed.scope.states.items()}
    return asl.States(placed.scope.start, states)


def _typed(placed: Placed, draft: Draft) -> asl.State:
    success = None if draft.success is None else written(placed, draft, draft.success)
    if draft.kind == "choice":
        return _choice(placed, draft, success)
    if draft.kind == "fail":
        fields = _fields(placed, draft)
        return asl.Fail(draft.origin, fields["error"], fields.get("cause"))
    if success is None or draft.kind == "succeed":
        return _succeed(placed, draft, success)
    target = None if success.target == END else success.target
    output, has_output = _output(placed, draft, success)
    if draft.kind == "task":
        return _task(placed, draft, success, output)
    if draft.kind == "parallel":
        return _parallel(placed, draft, success)
    if draft.kind == "map":
        return _map(placed, draft, success)
    if draft.kind == "wait":
        timed = _fields(placed, draft)
        return asl.Wait(
            draft.origin,
            target,
            timed.get("seconds"),
            timed.get("timestamp"),
            success.assign,
            output,
            has_output,
        )
    return asl.Pass(draft.origin, target, success.assign, output, has_output)


def _fields(placed: Placed, draft: Draft) -> Mapping[str, JsonValue]:
    return {name: _before(placed, draft, value) for name, value in draft.fields.items()}


def _before(placed: Placed, draft: Draft, value: JsonValue) -> JsonValue:
    return renamed(value, before_names(placed, draft.key, value))


def _output(placed: Placed, draft: Draft, success: Written) -> tuple[JsonValue, bool]:
    """The scope's output where the state ends it, else what the node itself has to show."""
    if success.has_output:
        return success.output, True
    return _before(placed, draft, draft.shown), draft.has_shown


def _succeed(placed: Placed, draft: Draft, success: Written | None) -> asl.Succeed:
    if success is not None:
        return asl.Succeed(draft.origin, success.output, has_output=True)
    return asl.Succeed(draft.origin, _before(placed, draft, draft.shown), draft.has_shown)


def _choice(placed: Placed, draft: Draft, default: Written | None) -> asl.Choice:
    rules: list[asl.ChoiceRule] = []
    for condition, transition in draft.rules:
        taken = written(placed, draft, transition)
        names = before_names(placed, draft.key, expression(condition))
        asked = expression(rewritten(condition, names))
        rules.append(asl.ChoiceRule(asked, taken.target, taken.assign, transition.port))
    target = None if default is None else default.target
    port = None if draft.success is None else draft.success.port
    return asl.Choice(draft.origin, tuple(rules), target, {} if default is None else default.assign, port)


def _task(placed: Placed, draft: Draft, success: Written, output: JsonValue) -> asl.Task:
    arguments = _fields(placed, draft)["arguments"]
    assert isinstance(arguments, Mapping)
    return asl.Task(
        origin=draft.origin,
        next=None if success.target == END else success.target,
        resource=draft.resource,
        arguments=arguments,
        assign=success.assign,
        output=output,
        has_output=True,
        timeout_seconds=draft.timeout_seconds,
        retry=draft.retry,
        catch=_catchers(placed, draft),
    )


def _catchers(placed: Placed, draft: Draft) -> tuple[asl.Catcher, ...]:
    catchers: list[asl.Catcher] = []
    for errors, transition in draft.catches:
        caught = written(placed, draft, transition)
        catchers.append(asl.Catcher(errors, caught.target, caught.assign))
    return tuple(catchers)


def _parallel(placed: Placed, draft: Draft, success: Written) -> asl.Parallel:
    branches = tuple(
        typed_states(place(branch, placed.liveness, placed.defaults, placed.outputs, (placed, draft)))
        for branch in draft.branches
    )
    output, has_output = _output(placed, draft, success)
    return asl.Parallel(
        origin=draft.origin,
        next=None if success.target == END else success.target,
        branches=branches,
        assign=success.assign,
        output=output,
        has_output=has_output,
        catch=_catchers(placed, draft),
    )


def _map(placed: Placed, draft: Draft, success: Written) -> asl.Map:
    assert draft.body is not None
    (scope,) = draft.branches
    inner = place(scope, placed.liveness, placed.defaults, placed.outputs, (placed, draft))
    output, has_output = _output(placed, draft, success)
    selector = {name: expression(text) for name, text in selected(placed, draft).values()}
    processor, distributed, fields = typed_states(inner), draft.body.distributed, _fields(placed, draft)
    if distributed is not None:
        distributed = replace(distributed, written_under=fields["written"], read_from=fields.get("read"))
        processor = processor if distributed.batch_size is None else _of_batch(draft, processor)
    return asl.Map(
        origin=draft.origin,
        next=None if success.target == END else success.target,
        items=fields["items"],
        selector=selector,
        processor=processor,
        max_concurrency=draft.body.concurrency,
        distributed=distributed,
        assign=success.assign,
        output=output,
        has_output=has_output,
        catch=_catchers(placed, draft),
    )


def _of_batch(draft: Draft, processor: asl.States) -> asl.States:
    """A child execution that takes several items: each as an iteration of its own inside it."""
    key = batch_key(draft.key)
    each = asl.Map(
        asl.Origin(draft.origin.node, "join"), None, expression("$states.input.Items"), None, processor
    )
    return asl.States(key, {key: each})
