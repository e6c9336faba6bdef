"""Functions of the order workflow."""

from __future__ import annotations

from dataclasses import dataclass

from translator.error_classes import Validation
from translator.work.registered_function import function


@dataclass(frozen=True)
class Line:
    """One line of an order; `price` in cents per piece."""

    sku: str
    quantity: int
    price: int


@function
def order_total(items: list[Line], country: str = "IT") -> dict[str, int]:
    """What an order costs, in cents: `goods`, `shipping` (free from 100.00 on) and `total`."""
    if not items:
        raise Validation("the order has no items")
    goods = sum(line.quantity * line.price for line in items)
    if goods <= 0:
        raise Validation("the order has nothing to pay for")
    shipping = 0 if goods >= 10_000 else (590 if country == "IT" else 1_490)
    return {"goods": goods, "shipping": shipping, "total": goods + shipping}
