"""Names what a definition asks for that this version cannot do, so that nothing is silently ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from functions.activate.compilation import finding
from translator.definition.model import WebhookTrigger, WorkflowDefinition
from translator.diagnostics import Diagnostic, Severity

VERIFIED: Final = frozenset({"none", "header", "hmac", "github", "standard_webhooks"})
"""The presets that functions.webhook.verification checks."""
WEBHOOK_LIMIT: Final = 90
"""Webhooks per workflow: an activation is one DynamoDB transaction of at most 100 items (AWS: quotas)."""


def findings(definition: WorkflowDefinition) -> tuple[Diagnostic, ...]:
    """Errors for what must stop an activation, warnings for what is left out of it."""
    return (*_webhooks(definition), *_triggers(definition), *_settings(definition), *_parts(definition))


def _webhooks(definition: WorkflowDefinition) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    webhooks = [trigger for trigger in definition.triggers if isinstance(trigger, WebhookTrigger)]
    if len(webhooks) > WEBHOOK_LIMIT:
        yield finding(
            "AC105",
            f"the workflow has {len(webhooks)} webhooks; {WEBHOOK_LIMIT} can be activated",
            "split the workflow",
            "/triggers",
            Severity.ERROR,
        )
    for position, trigger in enumerate(definition.triggers):
        if not isinstance(trigger, WebhookTrigger):
            continue
        pointer = f"/triggers/{position}"
        place = f"{trigger.method} /webhooks/{trigger.path}"
        other = seen.setdefault(place, trigger.id)
        if other != trigger.id:
            yield finding(
                "AC104",
                f"triggers '{other}' and '{trigger.id}' both answer '{place}'",
                "give one of them another path or method",
                f"{pointer}/path",
                Severity.ERROR,
            )
        yield from _verification(trigger, f"{pointer}/verify")


def _verification(trigger: WebhookTrigger, pointer: str) -> Iterator[Diagnostic]:
    preset = trigger.verify.preset
    if preset not in VERIFIED:
        yield finding(
            "AC101",
            f"trigger '{trigger.id}': the verification preset '{preset}' is not available yet",
            f"use one of {', '.join(sorted(VERIFIED))}",
            f"{pointer}/preset",
            Severity.ERROR,
        )
    elif preset != "none" and not trigger.verify.secret:
        yield finding(
            "AC102",
            f"trigger '{trigger.id}': the verification preset '{preset}' needs a secret, and none is named",
            "name one of Secrets Manager under `secret`",
            pointer,
            Severity.ERROR,
        )


def _triggers(definition: WorkflowDefinition) -> Iterator[Diagnostic]:
    for position, trigger in enumerate(definition.triggers):
        if trigger.type in {"schedule", "event"}:
            yield finding(
                "AC201",
                f"trigger '{trigger.id}': {trigger.type} triggers do not fire yet",
                "until then fire it by hand: POST …/execute with its id as `trigger`",
                f"/triggers/{position}",
                Severity.WARNING,
            )


def _settings(definition: WorkflowDefinition) -> Iterator[Diagnostic]:
    if definition.settings.type == "express":
        yield finding(
            "AC103",
            "Express workflows are not available yet",
            "write `type: standard`, or `auto` to let the compiler choose once they are",
            "/settings/type",
            Severity.ERROR,
        )
    if definition.settings.concurrency is not None:
        yield _ignored("settings/concurrency", "limits of concurrency are")


def _parts(definition: WorkflowDefinition) -> Iterator[Diagnostic]:
    if definition.input is not None:
        yield _ignored("input", "the schema of the input is")
    if definition.on_end:
        yield _ignored("on_end", "actions at the end of a run are")
    if definition.metrics:
        yield _ignored("metrics", "figures of runs are")


def _ignored(pointer: str, what: str) -> Diagnostic:
    return finding(
        "AC202",
        f"{what} not acted on yet",
        "the workflow runs without it",
        f"/{pointer}",
        Severity.WARNING,
    )
