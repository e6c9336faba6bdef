"""WF650 and WF651: the key of a limit needs more than its functions have, or a priority orders nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.checks.facts import Facts
from translator.concurrency import KeyMistakeError, key_parts
from translator.diagnostics import Diagnostic, Severity

KEY: Final = "WF650"
PRIORITY: Final = "WF651"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with `settings.concurrency`."""
    settings = facts.resolved.definition.settings.concurrency
    if settings is None:
        return
    if settings.key is not None:
        yield from _key(facts, settings.key)
    if settings.on_limit != "queue" and "priority" in settings.model_fields_set:
        message = f"`priority` does nothing with `on_limit: {settings.on_limit}`: no run waits for another"
        place = facts.resolved.positions.key_at("/settings/concurrency/priority")
        yield Diagnostic(PRIORITY, message, "remove it, or let runs wait: `queue`", place, Severity.WARNING)


def _key(facts: Facts, key: str) -> Iterator[Diagnostic]:
    try:
        key_parts(key)
    except KeyMistakeError as mistake:
        message = f"the key of the limit cannot be told when a run starts: {mistake}"
        hint = "write fields of `$trigger` and text, as in {% $trigger.body.customer & '/' & $trigger.id %}"
        yield Diagnostic(KEY, message, hint, facts.resolved.positions.at("/settings/concurrency/key"))
