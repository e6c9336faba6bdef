"""What all parts of one run share: the clock, the variables, and what has happened so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from tests.properties.behaviour import Answers, Items, Outcome
from tests.properties.clock import Clock
from tests.properties.plan import Plans
from tests.properties.schedule import NodeRun, Schedule
from translator.definition.model import Node

Names: TypeAlias = Mapping[str, Any]
"""What expressions see, but for the variables."""


@dataclass(frozen=True, slots=True)
class Place:
    """In which iterations of the bodies around it a part runs."""

    iteration: tuple[int, ...] = ()
    """Of every body but `parallel`, innermost first."""
    items: Items = ()
    """Of every `for_each`, outermost first: what may run at the same time differs by this."""


class Body(Protocol):
    """A body node that is under way."""

    def begin(self) -> None:
        """Starts it; its `done` is told the outcome, unless it is cancelled before."""

    def cancel(self) -> None:
        """Ends all that is under way inside."""


@dataclass
class World:
    """One run."""

    plans: Plans
    answers: Answers
    schedule: Schedule
    body_of: Callable[[World, Node, Names, Place, Callable[[Outcome], None]], Body]
    """Makes a body node ready to begin."""
    variables: dict[str, Any]
    clock: Clock = field(default_factory=Clock)
    tries: Counter[tuple[str, Items]] = field(default_factory=Counter)
    """Attempts so far, by node and items."""
    starts: Counter[tuple[str, Items]] = field(default_factory=Counter)
    runs: list[NodeRun] = field(default_factory=list)
    unlawful: list[str] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    """When a failure or a `terminate` ended a part."""
    waiting: dict[tuple[str, Items], float] = field(default_factory=dict)
    """By node and items, since when it may start and has not."""

    def skip(self, body: str, place: Place) -> None:
        """Nothing of a body ran, nor of those inside it."""
        for node in self.plans.normal(body).graph.nodes.values():
            now = self.clock.now
            self.runs.append(NodeRun(node.id, "skipped", now, now, place.iteration, place.items))
            if is_body(node):
                self.skip(node.id, place)


def is_body(node: Node) -> bool:
    """Whether other nodes are inside this one."""
    return node.type in ("for_each", "while", "parallel")
