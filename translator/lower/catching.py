"""What catches a failure that no error edge took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Catching:
    """A handler as its catchers see it: the service's error names, the state it begins with, its mark."""

    errors: tuple[str, ...]
    target: str
    assign: Mapping[str, bool]
