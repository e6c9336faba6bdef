"""What becomes of a `for_each`: a Map inside the run, or one whose iterations are executions of their own."""

from __future__ import annotations

from translator.asl import Distributed, Origin
from translator.expressions.sources import source_of
from translator.expressions.template import parse_template
from translator.json_value import JsonValue
from translator.lower.body_node import BodyNode
from translator.lower.catching import Catching
from translator.lower.context import TOO_MANY_FAILED, Context
from translator.lower.draft import BodyDraft, Draft, DraftScope, Transition, expression
from translator.lower.gathering import KEPT_ELSEWHERE, Apart
from translator.lower.handled import with_handlers
from translator.lower.node import caught
from translator.lower.values import index_of
from translator.node_type import Iterating

_TOLERANCE_EXCEEDED = "States.ExceedToleratedFailureThreshold"


def iterated(body: BodyNode, lowering: Iterating) -> list[Draft]:
    """The states of the node; the first one is where it starts."""
    return _inline(body, lowering) if lowering.children is None else _apart(body, lowering)


def _inline(body: BodyNode, lowering: Iterating) -> list[Draft]:
    (part,) = body.parts.values()
    shared = part.variables_set & part.merged.keys()
    scope = _scope(body, lowering, body.catching, catches=lowering.tolerates)
    draft = Draft(f"node:{body.id}", body.node.name, Origin(body.id, "body"), "map", branches=[scope])
    draft.fields = {"items": _items(body.frame.context, lowering.items)}
    key = "item" if lowering.tolerates else "all" if shared else None
    draft.body = BodyDraft(
        (body.result(part, lowering.result, key),),
        shared,
        is_boxed=bool(shared),
        iterating=body.id,
        concurrency=lowering.concurrency,
    )
    output = expression(_result_of(lowering, is_boxed=bool(shared)))
    draft.shown, draft.has_shown = output, output != expression("$states.result")
    draft.success = body.routes.ports["out"]
    more: list[Draft] = []
    if lowering.tolerates and lowering.tolerated_percentage != 100:
        more = _too_many_failed(body, lowering, draft.success)
        draft.success = Transition(more[0].key)
    draft.success.assign[body.id] = output
    return [with_handlers(body.frame.scope, draft, body.catching), *more]


def _apart(body: BodyNode, lowering: Iterating) -> list[Draft]:
    """What iterations give is written to the runs' bucket, and a function gathers it behind the Map."""
    (part,) = body.parts.values()
    shared = part.variables_set & part.merged.keys()
    catches = lowering.tolerates and lowering.batch_size is not None
    scope = _scope(body, lowering, (), catches=catches)
    apart = Apart(body.frame.context, body.node, lowering, tuple(sorted(shared)))
    draft = Draft(apart.map_key, body.node.name, Origin(body.id, "body"), "map", branches=[scope])
    items = None if lowering.is_read else _items(body.frame.context, lowering.items)
    draft.fields = {"items": items, **apart.places()}
    draft.body = BodyDraft(
        (body.result(part, lowering.result, "item", index_of(body.id)),),
        shared,
        is_boxed=bool(shared),
        iterating=body.id,
        concurrency=lowering.concurrency,
        distributed=_distributed(lowering, catches=catches),
    )
    refused, more = _refused(body)
    gather = apart.gather(body.routes.ports["out"], refused)
    draft.success = apart.written(body.routes.ports["out"], gather)
    draft.catches.append(((_TOLERANCE_EXCEEDED,), refused))
    working = [each for each in (apart.prepare(), draft, gather) if each is not None]
    return [*(_handled(body, each) for each in working), *more]


def _handled(body: BodyNode, draft: Draft) -> Draft:
    """With what takes its failures; a Map that reads and writes objects has failures of its own."""
    handled = with_handlers(body.frame.scope, draft, body.catching)
    if draft.kind == "map":
        handled.catches = [
            ((*errors, *KEPT_ELSEWHERE) if "System" in errors else errors, transition)
            for errors, transition in handled.catches
        ]
    return handled


def _scope(
    body: BodyNode, lowering: Iterating, catching: tuple[Catching, ...], *, catches: bool
) -> DraftScope:
    """The scope of an iteration, which `catches` its own failures where they are tolerated."""
    (part,) = body.parts.values()
    if not catches:
        return body.part_scope(body.id, part, catching)
    del lowering
    return body.part_scope(body.id, part, (_tolerance(body, part),), _failed_iteration(body))


def _result_of(lowering: Iterating, *, is_boxed: bool) -> str:
    """The node's output as an expression of what the iterations gave."""
    if not lowering.tolerates:
        return _ALL if is_boxed else "$states.result"
    if not is_boxed:
        return _TOLERANT
    return _TOLERANT.replace("[$exists(item)].item[]", ".result__.item[]")


def _distributed(lowering: Iterating, *, catches: bool) -> Distributed:
    assert lowering.children is not None
    if catches:
        return Distributed(lowering.children, batch_size=lowering.batch_size)
    return Distributed(
        lowering.children, lowering.tolerated_count, lowering.tolerated_percentage, lowering.batch_size
    )


def _refused(body: BodyNode) -> tuple[Transition, list[Draft]]:
    """Where it goes when more iterations have failed than may."""
    cause = f'more iterations of "{body.node.name}" failed than are tolerated'
    return body.refused(TOO_MANY_FAILED, cause)


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


def _tolerance(body: BodyNode, part: Context) -> Catching:
    """Catches whatever fails in an iteration, at its end."""
    names = (*caught(("*",), part.own_errors), "NoMatch", *part.raised)
    path = (*body.frame.scope.path, body.id)
    return Catching(names, f"failed:{body.id}", path=path, caught=part.names.caught, wants_node=False)


def _failed_iteration(body: BodyNode) -> Draft:
    part = next(iter(body.parts.values()))
    told = f'{{"error": ${part.names.caught}.error, "index": ${index_of(body.id)}}}'
    draft = Draft(
        f"failed:{body.id}", f"{body.node.name}: tolerated failure", Origin(body.id, "join"), "succeed"
    )
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
