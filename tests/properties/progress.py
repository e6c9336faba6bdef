"""How far a part has come: what has ended how, and what a new iteration forgets of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.properties.behaviour import Failure
from tests.properties.given import Given, idle_nodes
from tests.properties.graph import Link, reached
from tests.properties.loops import Loop
from tests.properties.plan import Plan
from tests.properties.world import Names


class Progress:
    """The state of a part's nodes, edges and loops."""

    def __init__(self, plan: Plan, names: Names) -> None:
        self.plan = plan
        self.names = dict(names)
        self.succeeded: set[str] = set()
        self._decided: set[str] = set()
        self._jumping: set[frozenset[str]] = set()
        self._over: set[str] = set()
        self._taken: dict[Link, bool] = {}
        self._arrived: set[Link] = set()
        self._error: dict[str, Failure | None] = {}
        self._closed: set[str] = set()
        self._rounds: Counter[str] = Counter()
        self._pinned: set[str] = set()

    def _go_on(self, given: Given) -> set[str]:
        """Takes pins as what has ended; gives the nodes whose work would be for nothing."""
        idle = idle_nodes(self.plan, given.pins, given.wanted)
        self._decided |= idle
        self._closed |= {loop.header for loop in self.plan.loops if loop.header in idle}
        self._over |= idle | given.pins.keys()
        self._pinned |= given.pins.keys()
        for node, pin in given.pins.items():
            around = [loop.header for loop in reversed(self.plan.loops) if node in loop.nodes]
            self._rounds |= Counter(dict(zip(around, pin.iteration, strict=False)))
        return idle

    def _rounds_of(self, node: str) -> tuple[int, ...]:
        """Counters of the loops around the node, innermost first."""
        return tuple(self._rounds[loop.header] for loop in self.plan.loops if node in loop.nodes)

    def _carried(self, taken: Sequence[Link]) -> Failure | None:
        return next((error for link in taken if (error := self._error[link.source])), None)

    def _forget(self, before: frozenset[str], link: Link) -> None:
        """A race is over: of what lies before its join only what led to the winner, or is pinned, is kept."""
        self._decided |= before
        self._jumping |= {circle for circle in self.plan.jump_of.values() if circle <= before}
        self._over |= before
        self._closed |= {loop.header for loop in self.plan.loops if loop.nodes <= before}
        kept = reached([link.source], [one.reversed() for one in self.plan.forward])
        loops = [loop.nodes for loop in self.plan.loops if loop.nodes <= before and loop.nodes & kept]
        kept = kept.union(*loops, self._pinned)
        self.succeeded -= before - kept
        self.names |= dict.fromkeys(before - kept)

    def _reset(self, loop: Loop) -> None:
        for inner in self.plan.loops:
            if inner.nodes < loop.nodes:
                self._closed.discard(inner.header)
                self._rounds[inner.header] = 0
        self._rounds[loop.header] += 1
        self._decided -= loop.nodes
        self._pinned -= loop.nodes
        self._jumping -= {circle for circle in self.plan.jump_of.values() if circle <= loop.nodes}
        self._over -= loop.nodes
        self.succeeded -= loop.nodes
        self.names |= dict.fromkeys(loop.nodes)
        repeated = [link for link in self.plan.graph.links if link.source in loop.nodes]
        self._arrived -= set(repeated)
        for link in repeated:
            self._taken.pop(link, None)
