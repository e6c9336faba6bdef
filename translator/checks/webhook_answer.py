"""WF664 and WF665: a webhook that waits for a node to answer, and a node that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.webhook import WebhookTrigger
from translator.diagnostics import Diagnostic, Severity

NO_NODE: Final = "WF664"
NOBODY_WAITS: Final = "WF665"
_TYPE: Final = "respond"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What waits for nothing, and what answers nobody."""
    definition = facts.resolved.definition
    waiting = [
        (index, trigger)
        for index, trigger in enumerate(definition.triggers)
        if isinstance(trigger, WebhookTrigger) and trigger.answer == _TYPE
    ]
    nodes = [(index, node) for index, node in enumerate(definition.nodes) if node.type == _TYPE]
    if not nodes:
        for index, trigger in waiting:
            message = f'trigger "{trigger.id}" waits for a node to answer, and there is no `respond` node'
            hint = "add one, or write `answer: result` to answer with the run's output"
            yield Diagnostic(NO_NODE, message, hint, facts.resolved.positions.at(f"/triggers/{index}/answer"))
    if not waiting:
        for index, node in nodes:
            message = f'node "{node.id}" answers, and no webhook waits for it'
            hint = "write `answer: respond` on the trigger that is to be answered, or remove the node"
            position = facts.resolved.positions.at(f"/nodes/{index}")
            yield Diagnostic(NOBODY_WAITS, message, hint, position, Severity.WARNING)
