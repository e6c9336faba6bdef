"""The sorts of random definitions that the compiler is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tests.properties.definitions import (
    ACYCLIC,
    BODIED,
    CYCLIC,
    HANDLED,
    JUMPING,
    NESTED,
    RACING,
    SEQUENTIAL,
    Features,
)

SORTS: Final[Mapping[str, Features]] = {
    "sequential": SEQUENTIAL,
    "small": replace(ACYCLIC, nodes=10),
    "acyclic": ACYCLIC,
    "computing": replace(ACYCLIC, nodes=15, transforms=0.5, variables=0.2),
    "loop": replace(CYCLIC, nodes=10),
    "cyclic": CYCLIC,
    "handled": HANDLED,
    "racing": RACING,
    "jumping": JUMPING,
    "racing loop": replace(CYCLIC, nodes=8, first=0.5, races=0.9),
    "bodied": BODIED,
    "nested": NESTED,
}
