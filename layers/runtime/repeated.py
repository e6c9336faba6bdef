"""Makes one run of a node that repeats its body out of the many times that its condition was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from layers.runtime.history import Visit

Stay: TypeAlias = tuple[int, str]
"""The iteration around it, and the node."""


@dataclass
class Stays:
    """Which visits of a condition belong together, and what the node has given so far."""

    open: dict[Stay, int] = field(default_factory=dict)
    """By stay that has not ended yet the place of its run."""
    given: dict[Stay, str] = field(default_factory=dict)
    """The last result of an iteration, as JSON text."""

    def note(self, visit: Visit) -> None:
        """Keeps what a state gave as the result of an iteration."""
        for stay in self.open:
            if stay[0] == visit.lane:
                for name in visit.assigned:
                    if is_output(name, stay[1]):
                        self.given[stay] = visit.assigned[name]

    def is_open(self, visit: Visit, node: str) -> bool:
        """Whether the node's body has been entered there and not been left for good."""
        return (visit.lane, node) in self.open

    def place(self, visit: Visit, node: str, new: int) -> int:
        """The place of the run that the visit belongs to, `new` if one begins with it."""
        stay = (visit.lane, node)
        if stay not in self.open:
            self.given.pop(stay, None)
        found = self.open.pop(stay, new)
        if any(name.startswith(f"{node}__body__round") for name in visit.assigned):
            self.open[stay] = found
        return found

    def result(self, visit: Visit, node: str) -> str | None:
        """What the node has given so far, as JSON text; nothing before the first iteration has ended."""
        return self.given.get((visit.lane, node))


class Ran(Protocol):
    """What must be known of a node's run."""

    @property
    def node(self) -> str:
        """The node's id."""
        ...

    @property
    def status(self) -> str:
        """How it ended."""
        ...


def inside_of(node: str, runs: Sequence[Ran], nodes: Mapping[str, Mapping[str, Any]]) -> Iterable[int]:
    """The places of the runs of what is in a node's body, however deep."""
    for place, run in enumerate(runs):
        parent = nodes.get(run.node, {}).get("parent")
        while parent is not None and parent != node:
            parent = nodes.get(parent, {}).get("parent")
        if parent == node:
            yield place


def is_output(name: str, node: str) -> bool:
    """Whether a variable is the node's output in some scope."""
    return name == node or (name.startswith(f"{node}__") and name.removeprefix(f"{node}__").isdigit())
