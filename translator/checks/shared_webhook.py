"""WF333: two webhooks of the workflow take the same requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.definition.webhook import WebhookTrigger
from translator.diagnostics import Diagnostic

CODE = "WF333"
_HINT: Final = "give one of them another path or method; to start two nodes, enter one that leads to both"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every webhook whose method and path an earlier one has."""
    first: dict[tuple[str, str], str] = {}
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, WebhookTrigger):
            continue
        earlier = first.setdefault((trigger.method, trigger.path), trigger.id)
        if earlier == trigger.id:
            continue
        message = f'triggers "{earlier}" and "{trigger.id}" both take {trigger.method} of "{trigger.path}"'
        position = facts.resolved.positions.at(f"/triggers/{index}/path")
        yield Diagnostic(CODE, message, _HINT, position)
