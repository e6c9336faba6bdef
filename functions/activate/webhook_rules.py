"""Names what the webhooks of a definition ask for and would not get, so that nothing is silently ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from functions.activate.compilation import finding
from translator.definition.model import WorkflowDefinition
from translator.definition.webhook import WebhookTrigger
from translator.diagnostics import Diagnostic, Severity

WEBHOOK_LIMIT: Final = 90
"""Webhooks per workflow: an activation is one DynamoDB transaction of at most 100 items (AWS: quotas)."""


def findings(definition: WorkflowDefinition) -> tuple[Diagnostic, ...]:
    """What must stop an activation; what no machine can be made of, the compiler has refused before."""
    return tuple(_webhooks(definition))


def _webhooks(definition: WorkflowDefinition) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    webhooks = [trigger for trigger in definition.triggers if isinstance(trigger, WebhookTrigger)]
    if len(webhooks) > WEBHOOK_LIMIT:
        yield finding(
            "AC104",
            f"the workflow has {len(webhooks)} webhooks; {WEBHOOK_LIMIT} can be activated",
            "split the workflow",
            "/triggers",
            Severity.ERROR,
        )
    for position, trigger in enumerate(definition.triggers):
        if not isinstance(trigger, WebhookTrigger):
            continue
        place = f"{trigger.method} /webhooks/{trigger.path}"
        other = seen.setdefault(place, trigger.id)
        if other != trigger.id:
            yield finding(
                "AC103",
                f"triggers '{other}' and '{trigger.id}' both answer '{place}'",
                "give one of them another path or method",
                f"/triggers/{position}/path",
                Severity.ERROR,
            )
