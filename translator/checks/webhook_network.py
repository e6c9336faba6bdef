"""WF666: what a webhook allows is no network."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from translator.checks.facts import Facts
from translator.definition.webhook import WebhookTrigger
from translator.diagnostics import Diagnostic

CODE: Final = "WF666"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every entry of `allow` that cannot be read."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, WebhookTrigger):
            continue
        for place, text in enumerate(trigger.allow or ()):
            hint = _why_not(text)
            if hint is not None:
                message = f'trigger "{trigger.id}" allows "{text}", which is no network'
                position = facts.resolved.positions.at(f"/triggers/{index}/allow/{place}")
                yield Diagnostic(CODE, message, hint, position)


def _why_not(text: str) -> str | None:
    try:
        ip_network(text)
    except ValueError:
        pass
    else:
        return None
    try:
        return f'write "{ip_network(text, strict=False)}": the bits behind the prefix are zero'
    except ValueError:
        return "write it like 203.0.113.0/24 or 2001:db8::/32; a single address needs no prefix"
