"""Functions of the catalogue workflow."""

from __future__ import annotations

from dataclasses import dataclass

from translator.error_classes import Validation
from translator.work.registered_function import function


@dataclass(frozen=True)
class Product:
    """A product as its supplier tells it; `cost` in euros."""

    number: str
    title: str
    cost: float


@function
def price_product(product: Product) -> dict[str, str | float]:
    """The product as the shop offers it, a third above its cost; refuses one without a title or a cost."""
    if not product.title.strip():
        raise Validation(f"product {product.number} has no title")
    if product.cost <= 0:
        raise Validation(f"product {product.number} has no cost")
    return {"number": product.number, "title": product.title.strip(), "price": round(product.cost * 4 / 3, 2)}
