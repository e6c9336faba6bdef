"""What becomes of a node with a body: a Map, a Parallel, or a Choice that its body leads back to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from translator.asl import Distributed, Origin
from translator.diagnostics import InternalError
from translator.expressions.template import parse_template
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.lower.body_failure import catching_of, raised
from translator.lower.catching import Catching
from translator.lower.context import TOO_MANY_FAILED, TOO_MANY_ITERATIONS, Context
from translator.lower.draft import (
    END,
    Again,
    BodyDraft,
    Draft,
    DraftScope,
    Result,
    Transition,
    expression,
    source_of,
)
from translator.lower.frame import Frame
from translator.lower.handled import with_handlers
from translator.lower.merging import of_batches
from translator.lower.node import caught, guard
from translator.lower.output import leaves
from translator.lower.routes import Routes
from translator.lower.scope import ScopeWriter, scope_from
from translator.lower.trigger_arrivals import trigger_arrivals
from translator.lower.values import index_of, passes_of
from translator.node_type import Branching, Iterating, Passing, Repeating

Write: TypeAlias = Callable[[Frame], None]
"""Writes the states of a frame."""


@dataclass(frozen=True)
class BodyNode:
    """A body's node on its way to states: where it stands, where it leads, and what catches its failures."""

    frame: Frame
    node: FlowNode
    routes: Routes
    catching: tuple[Catching, ...]
    write: Write

    @property
    def id(self) -> str:
        """The node's id."""
        return self.node.id

    @property
    def parts(self) -> dict[str, Context]:
        """The graphs of the body, each with what is known around it."""
        return dict(self.frame.context.bodies[self.id].parts)

    def result(self, part: Context, declared: JsonValue, key: str | None = None) -> Result:
        """What a part of the body gives at its end."""
        return Result(tuple(leaves(part.graph, part.back)), declared, part.names, key)


def body_drafts(frame: Frame, node: FlowNode, routes: Routes, write: Write) -> list[Draft]:
    """The states of a node with a body; the first one is where it starts."""
    catching = catching_of(frame, node, routes, write)
    body = BodyNode(frame, node, routes, catching, write)
    lowering = node.lowering
    if isinstance(lowering, Iterating):
        return _iterated(body, lowering)
    if isinstance(lowering, Branching):
        return [_branched(body)]
    if isinstance(lowering, Repeating):
        return _repeated(body, lowering)
    raise InternalError(f"node {node.id!r} has no body and was to be lowered with one")


def _scope(
    body: BodyNode, name: str, part: Context, catching: tuple[Catching, ...], *more: Draft
) -> DraftScope:
    """A scope of its own for one part of a body; `more` stands in it too, if something leads there."""
    around = body.frame.scope
    path = (*around.path, body.id) if name == body.id else (*around.path, body.id, name)
    writer = ScopeWriter(part, path, f"{body.id}/{name}/", catching=catching)
    inner = Frame(writer, part.regions, part.regions.root, trigger_arrivals(part), END)
    start = inner.entry()
    body.write(inner)
    for draft in more:
        writer.add(draft)
    return scope_from(writer, start)


def _shared(context: Context) -> frozenset[str]:
    """The variables of the workflow that some node sets."""
    found = (node.lowering for node in context.nodes.values())
    return frozenset(name for each in found if isinstance(each, Passing) for name in each.assign)


def _branched(body: BodyNode) -> Draft:
    parts = body.parts
    scopes = [_scope(body, name, part, body.catching) for name, part in parts.items()]
    success = body.routes.ports["out"]
    results = [f"{json.dumps(name)}: $states.result[{index}].result__" for index, name in enumerate(parts)]
    output = expression("{" + ", ".join(results) + "}")
    success.assign[body.id] = output
    draft = Draft(f"node:{body.id}", body.node.name, Origin(body.id, "body"), "parallel", success=success)
    draft.branches = scopes
    draft.shown, draft.has_shown = output, True
    given = tuple(body.result(part, None) for part in parts.values())
    draft.body = BodyDraft(given, _shared(body.frame.context), is_boxed=True)
    return with_handlers(body.frame.scope, draft, body.catching)


def _iterated(body: BodyNode, lowering: Iterating) -> list[Draft]:
    (part,) = body.parts.values()
    shared = part.variables_set & part.merged
    key = "item" if lowering.tolerates else "all" if shared else None
    is_inline = lowering.children is None
    catches = lowering.tolerates and (is_inline or lowering.batch_size is not None)
    catching = (_tolerance(body, part),) if catches else body.catching if is_inline else ()
    failed = [_failed_iteration(body)] if catches else []
    scope = _scope(body, body.id, part, catching, *failed)
    draft = Draft(f"node:{body.id}", body.node.name, Origin(body.id, "body"), "map", branches=[scope])
    draft.fields = {"items": _items(body.frame.context, lowering.items)}
    draft.body = BodyDraft(
        (body.result(part, lowering.result, key),),
        shared,
        is_boxed=bool(shared),
        iterating=body.id,
        concurrency=lowering.concurrency,
        distributed=_distributed(lowering, catches=catches),
    )
    output = expression(_result_of(lowering, catches=catches, is_boxed=bool(shared)))
    draft.shown, draft.has_shown = output, output != expression("$states.result")
    draft.success = body.routes.ports["out"]
    more: list[Draft] = []
    if catches and lowering.tolerated_percentage != 100:
        more = _too_many_failed(body, lowering, draft.success)
        draft.success = Transition(more[0].key)
    draft.success.assign[body.id] = output
    if not is_inline:
        refused, fails = _refused(body)
        draft.catches.append(((_TOLERANCE_EXCEEDED,), refused))
        more += [fail for fail in fails if fail.key not in {each.key for each in more}]
    return [with_handlers(body.frame.scope, draft, body.catching), *more]


def _result_of(lowering: Iterating, *, catches: bool, is_boxed: bool) -> str:
    """The node's output as an expression of what the iterations gave."""
    source = "$states.result"
    if lowering.tolerates:
        source = _TOLERANT if catches else _TOLERANT_OF_CHILDREN
    elif is_boxed:
        source = _ALL
    if is_boxed and lowering.tolerates:
        boxed = source.replace("[$exists(item)].item[]", ".result__.item[]")
        source = boxed.replace("$one__.item", "$one__.result__.item")
    return of_batches(source) if lowering.batch_size is not None else source


def _distributed(lowering: Iterating, *, catches: bool) -> Distributed | None:
    if lowering.children is None:
        return None
    if catches:
        return Distributed(lowering.children, batch_size=lowering.batch_size)
    return Distributed(
        lowering.children, lowering.tolerated_count, lowering.tolerated_percentage, lowering.batch_size
    )


def _refused(body: BodyNode) -> tuple[Transition, list[Draft]]:
    """Where it goes when more iterations have failed than may."""
    cause = f'more iterations of "{body.node.name}" failed than are tolerated'
    catching = tuple(_without_output(body.id, each) for each in body.catching)
    return raised(body.frame, body.node, catching, TOO_MANY_FAILED, cause)


def _items(context: Context, items: JsonValue) -> JsonValue:
    """A list: nothing and null are no items, a single value is one."""
    whole = parse_template(items).whole if isinstance(items, str) else None
    if whole is not None:
        text = context.names.rewritten(whole.source)
        return expression(f"($items__ := ({text}); $items__ = null ? [] : [$items__])")
    value = context.names.value(items)
    if isinstance(value, list):
        return value
    source = source_of(value)
    # A list with expressions in it is one already; of any other value there is one.
    return [value] if source is None else expression(source if isinstance(items, list) else f"[{source}]")


_ALL = "($all__ := $states.result.result__.all[]; $exists($all__) ? $all__ : [])"
_TOLERANT = (
    "($good__ := $states.result[$exists(item)].item[]; $bad__ := $states.result.failed[]; "
    '{"items": $exists($good__) ? $good__ : [], "failed": $exists($bad__) ? $bad__ : []})'
)
"""An iteration gives `{"item": [result]}` or `{"failed": {…}}`; a list of one keeps lists apart."""
_TOLERANT_OF_CHILDREN = (
    "($good__ := $states.result[$exists(item)].item[]; "
    "$bad__ := $map($states.result, function($one__, $at__) "
    '{$not($exists($one__.item)) ? {"error": $one__.Error, "index": $at__}})[]; '
    '{"items": $exists($good__) ? $good__ : [], "failed": $exists($bad__) ? $bad__ : []})'
)
"""Of a child execution that failed the result holds the service's description (AWS: Map state, results)."""
_TOLERANCE_EXCEEDED = "States.ExceedToleratedFailureThreshold"


def _tolerance(body: BodyNode, part: Context) -> Catching:
    """Catches whatever fails in an iteration, at its end."""
    names = (*caught(("*",), part.own_errors), "NoMatch", *part.raised)
    path = (*body.frame.scope.path, body.id)
    return Catching(names, f"failed:{body.id}", path=path, caught=part.names.caught, wants_node=False)


def _failed_iteration(body: BodyNode) -> Draft:
    part = next(iter(body.parts.values()))
    told = f'{{"error": ${part.names.caught}.error, "index": ${index_of(body.id)}}}'
    draft = Draft(f"failed:{body.id}", f"{body.node.name}: failed", Origin(body.id, "join"), "succeed")
    draft.shown, draft.has_shown = expression(f'{{"failed": {told}}}'), True
    return draft


def _too_many_failed(body: BodyNode, lowering: Iterating, success: Transition) -> list[Draft]:
    """Asks whether more have failed than are tolerated."""
    failed = f"$count(${body.id}.failed)"
    if lowering.tolerated_count is not None:
        condition = f"{failed} > {lowering.tolerated_count}"
    else:
        every = f"({failed} + $count(${body.id}.items))"
        condition = f"{failed} * 100 > {lowering.tolerated_percentage:g} * {every}"
    draft = Draft(
        f"tolerated:{body.id}", f"{body.node.name}: too many failed?", Origin(body.id, "join"), "choice"
    )
    refused, more = _refused(body)
    draft.rules = [(condition, refused)]
    draft.success = success
    return [draft, *more]


def _without_output(node: str, catching: Catching) -> Catching:
    """What the node gave so far is gone when it fails."""
    return replace(catching, assign={**catching.assign, node: None})


def _repeated(body: BodyNode, lowering: Repeating) -> list[Draft]:
    """The condition stands where the node stands; the body leads back to it, in the same scope."""
    (part,) = body.parts.values()
    scope, key = body.frame.scope, f"node:{body.id}"
    body = replace(body, catching=tuple(_without_output(body.id, each) for each in body.catching))
    before = set(scope.states)
    writer = ScopeWriter(part, scope.path, f"{body.id}/", scope.states, body.catching)
    inner = Frame(writer, part.regions, part.regions.root, trigger_arrivals(part), key)
    start = inner.entry()
    body.write(inner)
    own = tuple(name for name in scope.states if name not in before)
    condition = body.frame.context.names.condition(lowering.condition)
    drafts: list[Draft] = []
    if body.routes.guards([expression(condition)]):
        asked = Draft("", f"{body.node.name}: ask", Origin(body.id, "guard"), "pass")
        port, choose = f"{body.id}__port", Transition(f"choose:{body.id}")
        asked.success = Transition(END, assign={port: expression(condition)})
        drafts.append(with_handlers(scope, guard(body.node, asked, choose, body.routes, key), body.catching))
        key, condition = choose.target, f"${port}"
    draft = Draft(key, body.node.name, Origin(body.id, "body"), "choice")
    cause = f'the condition of "{body.node.name}" still holds after {lowering.max_iterations} iterations'
    refused, more = raised(body.frame, body.node, body.catching, TOO_MANY_ITERATIONS, cause)
    out = body.routes.ports["out"]
    out.assign[body.id] = expression(f"${body.id}")
    round_, names = passes_of(body.id), body.frame.context.names
    begins: dict[str, JsonValue] = {
        round_: expression(f"${round_} + 1"),
        part.names.caught: expression(f"${names.caught}"),
    }
    draft.rules = [
        (f"$not({condition})", replace(out, assign=dict(out.assign), then=dict(out.then))),
        (f"${round_} < {lowering.max_iterations}", Transition(start, then=begins, reset=part.own_names)),
    ]
    draft.success = refused
    draft.again = Again(own, body.id, body.result(part, lowering.result))
    return [*drafts, draft, *more]
