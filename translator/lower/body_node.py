"""A node with a body on its way to states: where it stands, where it leads, and the scopes of its body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.lower.body_failure import raised
from translator.lower.catching import Catching
from translator.lower.context import Context
from translator.lower.draft import END, Draft, DraftScope, Result, Transition
from translator.lower.frame import Frame
from translator.lower.output import leaves
from translator.lower.routes import Routes
from translator.lower.scope import ScopeWriter, scope_from
from translator.lower.trigger_arrivals import trigger_arrivals

Write: TypeAlias = Callable[[Frame], None]
"""Writes the states of a frame."""


@dataclass(frozen=True)
class BodyNode:
    """The node, and what catches its failures."""

    frame: Frame
    node: FlowNode
    routes: Routes
    catching: tuple[Catching, ...]
    write: Write

    @property
    def id(self) -> str:
        """The node's id."""
        return self.node.id

    @property
    def parts(self) -> dict[str, Context]:
        """The graphs of the body, each with what is known around it."""
        return dict(self.frame.context.bodies[self.id].parts)

    def result(
        self, part: Context, declared: JsonValue, key: str | None = None, index: str | None = None
    ) -> Result:
        """What a part of the body gives at its end."""
        return Result(tuple(leaves(part.graph, part.back)), declared, part.names, key, index)

    def part_scope(
        self, name: str, part: Context, catching: tuple[Catching, ...], *more: Draft
    ) -> DraftScope:
        """A scope of its own for one part of the body; `more` stands in it too, if something leads there."""
        around = self.frame.scope
        path = (*around.path, self.id) if name == self.id else (*around.path, self.id, name)
        writer = ScopeWriter(part, path, f"{self.id}/{name}/", catching=catching)
        inner = Frame(writer, part.regions, part.regions.root, trigger_arrivals(part), END)
        start = inner.entry()
        self.write(inner)
        for draft in more:
            writer.add(draft)
        return scope_from(writer, start)

    def refused(self, error: str, cause: str) -> tuple[Transition, list[Draft]]:
        """Where it goes when the machine itself fails the node, and the states that this takes."""
        catching = tuple(without_output(self.id, each) for each in self.catching)
        return raised(self.frame, self.node, catching, error, cause)


def without_output(node: str, catching: Catching) -> Catching:
    """What the node gave so far is gone when it fails."""
    return replace(catching, assign={**catching.assign, node: None})
