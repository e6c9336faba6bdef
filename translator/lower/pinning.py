"""What lowering has to know of nodes that ended before the run and are not in its graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PINS: Final = "$states.context.Execution.Input.pins"
"""Where a run finds what those nodes gave: values are no part of the machine."""


@dataclass(frozen=True)
class Pinning:
    """What stands for them."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """By node that succeeded the expression of its output."""
    leaves: tuple[str, ...] = ()
    """The nodes whose outputs are the run's, by the whole graph."""
    rounds: Mapping[str, int] = field(default_factory=dict)
    """By header of a loop that is under way its iteration, from 0."""
