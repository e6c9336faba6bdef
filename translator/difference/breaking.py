"""What callers of a workflow notice: who calls as before and is answered otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from translator.checks.facts import Facts
from translator.compiler import Compilation
from translator.definition.model import WorkflowDefinition
from translator.definition.webhook import WebhookTrigger
from translator.difference.narrowing import narrowings
from translator.resolve import resolve

_IMPLICIT: Final = {"manual": "manual"}


def breaking_changes(old: Compilation, new: Compilation) -> tuple[str, ...]:
    """Each break in a sentence; what cannot be told from the definitions is said to be so."""
    return (*breaks_at_the_entry(old.definition, new.definition), *_output_breaks(old, new))


def breaks_at_the_entry(old: WorkflowDefinition, new: WorkflowDefinition) -> tuple[str, ...]:
    """What keeps a caller from starting a run as before."""
    return (
        *_id_breaks(old, new),
        *_trigger_breaks(old, new),
        *_webhook_breaks(old, new),
        *narrowings(old.input, new.input),
    )


def _id_breaks(old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[str]:
    if old.id != new.id:
        yield f'the workflow "{old.id}" is called "{new.id}": who starts it by its id finds none'


def _trigger_breaks(old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[str]:
    before, after = _types(old), _types(new)
    for name, kind in before.items():
        if name not in after:
            if kind == "webhook":
                continue  # its callers know its path, not its name
            yield f'the trigger "{name}" ({kind}) is gone'
        elif after[name] != kind:
            yield f'the trigger "{name}" is of type {after[name]}, was {kind}'


def _types(definition: WorkflowDefinition) -> dict[str, str]:
    return {one.id: one.type for one in definition.triggers} or dict(_IMPLICIT)


def _webhooks(definition: WorkflowDefinition) -> dict[str, WebhookTrigger]:
    hooks = (one for one in definition.triggers if isinstance(one, WebhookTrigger))
    return {f"{one.method} /webhooks/{one.path}": one for one in hooks}


def _webhook_breaks(old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[str]:
    after = _webhooks(new)
    moved = {hook.id: route for route, hook in after.items()}
    for route, hook in _webhooks(old).items():
        if route in after:
            yield from _stricter(route, hook, after[route])
        elif hook.id in moved:
            yield f'{route} is gone: the trigger "{hook.id}" is now {moved[hook.id]}'
        else:
            yield f"{route} is gone"


def _stricter(route: str, old: WebhookTrigger, new: WebhookTrigger) -> Iterator[str]:
    if new.max_body_bytes < old.max_body_bytes:
        yield f"{route} takes at most {new.max_body_bytes:,} bytes, was {old.max_body_bytes:,}"
    if new.content_type is not None and new.content_type != old.content_type:
        yield f"{route} takes only {new.content_type}, was {old.content_type or 'anything'}"
    if new.verify != old.verify and new.verify.preset != "none":
        yield f"{route} proves its senders otherwise ({new.verify.preset}, was {old.verify.preset})"
    if new.answer != old.answer:
        yield f"{route} answers otherwise ({new.answer}, was {old.answer})"


def _output_breaks(old: Compilation, new: Compilation) -> Iterator[str]:
    before, after = _output(old), _output(new)
    if before == after:
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield "the output is another expression: which keys it has cannot be told, so compare them yourself"
        return
    yield from _gone(before, after, "output")


def _gone(before: dict[str, Any], after: dict[str, Any], at: str) -> Iterator[str]:
    for key, value in before.items():
        if key not in after:
            yield f"{at}.{key} is gone"
        elif isinstance(value, dict) and isinstance(after[key], dict):
            yield from _gone(value, after[key], f"{at}.{key}")


def _output(compilation: Compilation) -> Any:
    """The output as written; where there is none, the nodes that nothing follows, by id."""
    if compilation.definition.output is not None:
        return compilation.definition.output
    return dict.fromkeys(_last_nodes(compilation))


def _last_nodes(compilation: Compilation) -> Iterator[str]:
    definition = compilation.definition
    facts = Facts(resolve(definition, compilation.source.positions))
    outgoing = facts.resolved.graph.outgoing
    for node in definition.nodes:
        if node.id in facts.resolved.graph.nodes and all(
            edge.index in facts.loops.back for edge in outgoing[node.id]
        ):
            yield node.id
