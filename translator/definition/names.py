"""Which names a definition may give, and which to propose instead."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from translator.expressions.functions import KNOWN, REFUSED

SCOPE_NAMES: Final = frozenset({"states", "trigger", "run", "item", "index", "error"})
"""What every expression can read beside nodes and variables."""


def why_reserved(name: str) -> str | None:
    """Why a node or variable may not have that name, or None if it may."""
    if name in SCOPE_NAMES:
        return f"${name} has a meaning of its own in expressions"
    if name in KNOWN or name in REFUSED:
        return f"it would hide the function ${name}"
    return "two underscores in a row are for names that the compiler makes" if "__" in name else None


def propose_name(name: str, taken: Container[str], *, ending: str = "node") -> str:
    """A name near `name` that is allowed and not taken."""
    base = propose_identifier(name)
    if why_reserved(base) is not None:
        base = f"{base}_{ending}"
    candidate, number = base, 2
    while candidate in taken or why_reserved(candidate) is not None:
        candidate, number = f"{base}_{number}", number + 1
    return candidate


def propose_identifier(text: str) -> str:
    """An identifier near `text`: `Charge card` gives `charge_card`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")[:60]
    return name if re.match(r"[a-z]", name) else f"node_{name}".strip("_")


def propose_slug(text: str) -> str:
    """A slug near `text`: `Order fulfilment` gives `order-fulfilment`."""
    return propose_identifier(text)[:40].strip("_").replace("_", "-") if text.strip() else "my-workflow"
