"""WF660 to WF663: settings of a webhook's verification and handshake that do not go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from translator.checks.facts import Facts
from translator.definition.webhook import Handshake, VerifySettings, WebhookTrigger
from translator.diagnostics import Diagnostic

IDLE: Final = "WF660"
TEMPLATE: Final = "WF661"
HANDSHAKE: Final = "WF662"
DELIVERY: Final = "WF663"

_OF_HMAC: Final = ("algorithm", "encoding", "prefix", "template", "timestamp_header", "id_header")
_ONLY_OF: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(_OF_HMAC, frozenset({"hmac"})),
        "parameter": frozenset({"api_key"}),
        "replays": frozenset({"github", "stripe", "slack", "standard_webhooks", "hmac"}),
    }
)
_NAMES: Final = frozenset({"body", "timestamp", "id", "method", "path"})
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_NEEDS: Final = (("{timestamp}", "timestamp_header"), ("{id}", "id_header"))

Finding = tuple[str, str, str, str]
"""Code, message, hint and the field that it is about."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each webhook's verification and handshake."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, WebhookTrigger):
            continue
        found = [*_idle(trigger.id, trigger.verify), *_template(trigger.id, trigger.verify)]
        found += [*_handshake(trigger, trigger.handshake), *_delivery(trigger)]
        for code, message, hint, field in found:
            position = facts.resolved.positions.at(f"/triggers/{index}{field}")
            yield Diagnostic(code, message, hint, position)


def _idle(trigger: str, verify: VerifySettings) -> Iterator[Finding]:
    for field in sorted(verify.model_fields_set):
        presets = _ONLY_OF.get(field)
        if presets is not None and verify.preset not in presets:
            message = f'trigger "{trigger}" verifies by "{verify.preset}", which has no "{field}"'
            hint = f"remove it, or verify by the preset {' or '.join(sorted(presets))}"
            yield IDLE, message, hint, f"/verify/{field}"
    if verify.parameter is not None and verify.header is not None:
        message = f'trigger "{trigger}" looks for the key in a header and in a parameter'
        yield IDLE, message, "keep one of `header` and `parameter`", "/verify/parameter"


def _template(trigger: str, verify: VerifySettings) -> Iterator[Finding]:
    template = verify.template
    if template is None or verify.preset != "hmac":
        return
    for name in _BRACES.findall(template):
        if name not in _NAMES:
            message = f'trigger "{trigger}" signs "{{{name}}}", which no request has'
            hint = "a template may hold {body}, {timestamp}, {id}, {method} and {path}"
            yield TEMPLATE, message, hint, "/verify/template"
    if "{body}" not in template:
        message = f'trigger "{trigger}" signs "{template}", so any body would pass'
        yield TEMPLATE, message, "let the template hold {body}", "/verify/template"
    for placeholder, field in _NEEDS:
        if placeholder in template and getattr(verify, field) is None:
            message = f'trigger "{trigger}" signs "{placeholder}", but "verify" has no "{field}"'
            yield TEMPLATE, message, f"add `{field}:` with the name of the header", "/verify/template"


def _handshake(trigger: WebhookTrigger, handshake: Handshake | None) -> Iterator[Finding]:
    if handshake is None:
        return
    if handshake.preset == "echo" and handshake.secret is not None:
        message = f'the handshake of trigger "{trigger.id}" echoes to everybody, so its secret is not used'
        yield HANDSHAKE, message, "remove the secret, or use the preset meta", "/handshake/secret"
    if handshake.preset != "echo" and handshake.secret is None:
        message = f'the handshake of trigger "{trigger.id}" is "{handshake.preset}" and names no secret'
        yield HANDSHAKE, message, "add `secret:` with the name of the secret", "/handshake"


def _delivery(trigger: WebhookTrigger) -> Iterator[Finding]:
    delivery = trigger.idempotency
    if delivery is None:
        return
    if (delivery.header is None) == (delivery.field is None):
        message = f'trigger "{trigger.id}" has to name a delivery by one of "header" and "field"'
        yield DELIVERY, message, "keep one of them", "/idempotency"
    elif trigger.verify.replays is not None:
        message = f'trigger "{trigger.id}" names a delivery, and refuses replays by what was signed'
        yield DELIVERY, message, "keep one of `idempotency` and `replays`", "/idempotency"
