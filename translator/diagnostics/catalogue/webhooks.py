"""The codes of webhooks: WF660 to WF679."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_HOOK: Final = """\
id: take-orders
triggers:
  - {id: order, type: webhook, path: orders, verify: {preset: hmac, secret: orders-hook}}
nodes:
  - {id: total, type: transform, parameters: {output: "{% $trigger.body.total %}"}}
"""
_VERIFY: Final = "{preset: hmac, secret: orders-hook}"
_REPLY: Final = """\
  - {id: reply, type: respond, parameters: {body: "{% $total %}"}}
edges: [{from: total, to: reply}]
"""

ENTRIES: Final = (
    Entry(
        "WF660",
        "A setting that the webhook's verification does not have",
        "Each preset knows how its senders sign; only `hmac` is told, and only `api_key` reads a parameter.",
        _HOOK.replace(_VERIFY, "{preset: github, secret: orders-hook, algorithm: sha1}"),
        _HOOK.replace(_VERIFY, "{preset: hmac, secret: orders-hook, algorithm: sha1}"),
    ),
    Entry(
        "WF661",
        "A template that does not say what is signed",
        "The signed text holds the body and, where the sender adds them, the time and the id, each with the "
        "header that it is sent in.",
        _HOOK.replace(_VERIFY, '{preset: hmac, secret: orders-hook, template: "{timestamp}.{body}"}'),
        _HOOK.replace(
            _VERIFY,
            '{preset: hmac, secret: orders-hook, template: "{timestamp}.{body}", timestamp_header: x-time}',
        ),
    ),
    Entry(
        "WF662",
        "A handshake that cannot be answered as it is declared",
        "`meta` compares a token and `crc` signs the challenge, so both need a secret; `echo` needs none.",
        _HOOK.replace("verify:", "handshake: {preset: meta}, verify:"),
        _HOOK.replace("verify:", "handshake: {preset: meta, secret: meta-token}, verify:"),
    ),
    Entry(
        "WF663",
        "A delivery that is named in two ways or in none",
        "Deliveries with the same name start one run: it stands in a header or in a field of the body.",
        _HOOK.replace("verify:", "idempotency: {header: x-id, field: id}, verify:"),
        _HOOK.replace("verify:", "idempotency: {field: order.id}, verify:"),
    ),
    Entry(
        "WF664",
        "A webhook that waits for an answer which no node gives",
        "With `answer: respond` a `respond` node of the run says what the sender is told.",
        _HOOK.replace("verify:", "answer: respond, verify:"),
        _HOOK.replace("verify:", "answer: respond, verify:") + _REPLY,
    ),
    Entry(
        "WF665",
        "A node that answers, and nobody waits",
        "Only a webhook with `answer: respond` waits for a `respond` node; elsewhere it does nothing.",
        _HOOK + _REPLY,
        _HOOK.replace("verify:", "answer: respond, verify:") + _REPLY,
    ),
    Entry(
        "WF666",
        "An address list that holds something else than networks",
        "Requests are taken from the networks of `allow`, in CIDR notation; a single address is one, too.",
        _HOOK.replace("verify:", "allow: [203.0.113.7/24], verify:"),
        _HOOK.replace("verify:", 'allow: [203.0.113.0/24, "2001:db8::/32"], verify:'),
    ),
)
