"""Phase 4 of a workflow's parts: the normal one, what handles failures, and the bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translator.analyses.loops import LoopTree
from translator.checks.facts import Facts
from translator.graph import FlowGraph
from translator.lower import BodyParts, Part
from translator.lower.pinning import Pinning
from translator.regions import Regions
from translator.structure.decompose import structure
from translator.structure.estimates import Estimates
from translator.structure.serial import without_needless_forks


@dataclass(frozen=True)
class Structuring:
    """How parts are structured: what nodes take as a rule, and the level of optimization."""

    estimates: Estimates
    level: int

    def whole(self, facts: Facts, regions: Regions, pinning: Pinning | None) -> BodyParts:
        """The workflow itself, of which the normal part's regions are given."""
        graph, handling = facts.resolved.graph, facts.resolved.handling
        normal = Part(graph, self._serial(regions, graph), facts.loops.back, pinning)
        if handling is None or facts.handling_loops is None:
            return BodyParts({"": normal})
        part = self._part(handling.graph, facts.handling_loops)
        return BodyParts({"": normal}, part, handling.handlers)

    def bodies(self, facts: Facts) -> Mapping[str, BodyParts]:
        """What is inside `for_each`, `while` and `parallel`, by node."""
        found: dict[str, BodyParts] = {}
        for node, graphs in facts.body_graphs.items():
            body = facts.resolved.bodies[node]
            parts = [self._part(graph, loops) for graph, loops in graphs]
            named = dict(zip(body.parts, parts, strict=False))
            handlers = body.handling.handlers if body.handling else ()
            found[node] = BodyParts(named, parts[-1] if body.handling else None, handlers)
        return found

    def _part(self, graph: FlowGraph, loops: LoopTree) -> Part:
        return Part(graph, self._serial(structure(loops, self.estimates), graph), loops.back)

    def _serial(self, regions: Regions, graph: FlowGraph) -> Regions:
        return without_needless_forks(regions, graph) if self.level else regions
