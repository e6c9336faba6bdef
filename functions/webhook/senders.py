"""Who may send, by address, and how often."""

from __future__ import annotations

import math
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from functions.webhook.request import WebhookRequest
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject
from layers.runtime.store import Store
from layers.runtime.store.rates import Rate, take
from layers.runtime.store.routes import Route

_NETWORK_OF_ONE: Final = 64
"""Bits of an IPv6 address that one sender has: the rest is theirs to choose (RFC 6177)."""


def refuse_stranger(request: WebhookRequest, route: Route) -> None:
    """Raises RequestError (403) unless the address is in a network of the trigger's `allow`.

    The address is that of the connection: what headers like X-Forwarded-For claim, anybody can write.
    """
    allowed = route.options.get("allow")
    if not isinstance(allowed, list | tuple):
        return
    if not any(_is_in(request.source_ip, str(network)) for network in allowed):
        raise RequestError(
            Problem(
                403,
                "address_not_allowed",
                "Address not allowed",
                f"Requests to '/webhooks/{request.path}' are not taken from '{request.source_ip}'.",
                "Send from an address that the trigger's `allow` holds, or add this one's network to it.",
            )
        )


def refuse_hurry(request: WebhookRequest, route: Route, store: Store, now: float) -> None:
    """Takes a token of each of the trigger's `rate_limits`; raises RequestError (429) where none is left."""
    limits = route.options.get("rate_limits")
    for position, limit in enumerate(limits if isinstance(limits, list | tuple) else ()):
        if not isinstance(limit, Mapping):
            continue
        rate = _rate(limit)
        sender = _sender(request.source_ip) if limit.get("per") == "sender" else "all"
        key = store.keys.rate(route.workflow, route.trigger, f"{position}#{sender}")
        wait = take(store, key, rate, now)
        if wait is not None:
            raise _limited(rate, wait, "sender" if limit.get("per") == "sender" else "webhook")


def _is_in(address: str, network: str) -> bool:
    try:
        found = ip_address(address)
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return found in ip_network(network)
    except ValueError:
        return False


def _sender(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network(f"{found}/{_NETWORK_OF_ONE}", strict=False))


def _rate(limit: JsonObject) -> Rate:
    requests, seconds = limit.get("requests"), limit.get("seconds")
    assert isinstance(requests, int)
    return Rate(requests, seconds if isinstance(seconds, int) else 60)


def _limited(rate: Rate, wait: float, whose: str) -> RequestError:
    return RequestError(
        Problem(
            429,
            "rate_limited",
            "Too many requests",
            f"This {whose} may send {rate.requests} requests in {rate.seconds} seconds; nothing was started.",
            "Send it again after the time in `retry-after`.",
            headers={"retry-after": str(math.ceil(wait))},
        )
    )
