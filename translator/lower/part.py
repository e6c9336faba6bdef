"""The structured parts that lowering is given: the normal one, what handles failures, and the bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translator.graph import FlowGraph
from translator.lower.output import leaves
from translator.lower.pinning import Pinning
from translator.regions import Regions
from translator.resolve.handling import Handler


@dataclass(frozen=True)
class Part:
    """A structured part of a workflow."""

    graph: FlowGraph
    regions: Regions
    back: frozenset[int]
    """The edges that repeat a loop, by index."""
    pinned: Pinning | None = None
    """What stands for nodes that ended before the run."""

    @property
    def leaves(self) -> Sequence[str]:
        """The nodes whose outputs are the part's where it declares none."""
        return leaves(self.graph, self.back) if self.pinned is None else self.pinned.leaves


@dataclass(frozen=True)
class BodyParts:
    """A body: its parts (of a `parallel` its branches) by name, and what handles its failures."""

    parts: Mapping[str, Part]
    handling: Part | None = None
    handlers: tuple[Handler, ...] = ()
