"""A small real shop: stock, payments, parcels and mail over HTTP, all written into one ledger."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

REFUSED_CARD: Final = "4000"
"""A payment with this card is answered 402."""
UNKNOWN_TOWN: Final = "Atlantis"
"""A parcel to an address with this word is answered 422."""

Body = Mapping[str, Any]
Reply = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the shop has done: `what` in words, `key` the request's idempotency key if any."""

    what: str
    key: str | None


@dataclass(slots=True)
class Shop:
    """Answers the requests of the order workflow; what it did under a key it does not do again.

    The first parcel of every order is answered 503, as carriers do, so that a retry can be seen.
    """

    ledger: list[Entry] = field(default_factory=list)
    repeats: int = 0
    _answers: dict[str, Reply] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, query: Body, body: Body, key: str | None) -> Reply:
        """Status and JSON body; `key` is the Idempotency-Key header."""
        with self._lock:
            if key is not None and key in self._answers:
                self.repeats += 1
                return self._answers[key]
            reply = self._route(method, path, query, body, key)
            if key is not None and reply[0] < 300:
                self._answers[key] = reply
            return reply

    def _route(self, method: str, path: str, query: Body, body: Body, key: str | None) -> Reply:
        routes: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
            ("GET", r"/customers/risk", lambda: (200, {"email": query.get("email"), "risk": 12})),
            ("POST", r"/stock/reservations", lambda: self._reserve(body, key)),
            ("DELETE", r"/stock/reservations/([^/]+)", lambda order: self._release(order, key)),
            ("POST", r"/payments", lambda: self._pay(body, key)),
            ("POST", r"/payments/([^/]+)/refunds", lambda payment: self._refund(payment, body, key)),
            ("POST", r"/parcels", lambda: self._ship(body, key)),
            ("POST", r"/mail", lambda: self._mail(body, key)),
        )
        for verb, pattern, act in routes:
            match = re.fullmatch(pattern, path)
            if match and verb == method:
                return act(*match.groups())
        return 404, {"error": f"the shop has no {method} {path}"}

    def _note(self, what: str, key: str | None) -> None:
        self.ledger.append(Entry(what, key))

    def _reserve(self, body: Body, key: str | None) -> Reply:
        goods = ", ".join(f"{line['quantity']} × {line['sku']}" for line in body["items"])
        self._note(f"reserved {goods} for {body['order']}", key)
        return 201, {"order": body["order"]}

    def _release(self, order: str, key: str | None) -> Reply:
        self._note(f"released the goods of {order}", key)
        return 204, None

    def _pay(self, body: Body, key: str | None) -> Reply:
        if str(body["card"]).startswith(REFUSED_CARD):
            return 402, {"error": "the bank refuses this card"}
        payment = f"pay-{body['order']}"
        self._note(f"charged {body['amount'] / 100:.2f} euro for {body['order']}", key)
        return 201, {"id": payment, "amount": body["amount"]}

    def _refund(self, payment: str, body: Body, key: str | None) -> Reply:
        self._note(f"refunded {body['amount'] / 100:.2f} euro of {payment}", key)
        return 201, {"id": f"refund-{payment}"}

    def _ship(self, body: Body, key: str | None) -> Reply:
        order = str(body["order"])
        if order not in self._asked:
            self._asked.add(order)
            return 503, {"error": "the carrier is busy"}
        if UNKNOWN_TOWN in str(body["address"]):
            return 422, {"error": f"no carrier goes to {body['address']}"}
        self._note(f"shipped {order} to {body['address']}", key)
        return 201, {"tracking": f"TRK-{order}"}

    def _mail(self, body: Body, key: str | None) -> Reply:
        self._note(f"mailed {body['to']}: {body['subject']}", key)
        return 202, None
