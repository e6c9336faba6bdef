"""A definition while it is being drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.properties.cases import Attempt
from translator.definition.model import WorkflowDefinition

ERRORS: Final = ("Network", "Timeout", "States.Timeout", "System", "Lambda.Unknown", "Unknown", "Validation")
BODIES: Final = ("for_each", "while", "parallel")


@dataclass
class DraftNode:
    """A node of a draft; its parameters come last."""

    id: str
    type: str
    ports: tuple[str, ...] = ("out",)
    """The ports that edges may use, besides `error`."""
    handles: bool = False
    """Whether it belongs to an error handler's part."""
    parent: str | None = None
    join: str = "any"
    parameters: dict[str, Any] = field(default_factory=dict)
    retry_policy: list[dict[str, Any]] | None = None
    effect: str | None = None

    @property
    def can_fail(self) -> bool:
        return self.type in ("function", "transform", "condition") or self.is_body

    @property
    def is_body(self) -> bool:
        return self.type in BODIES

    @property
    def reference(self) -> str:
        return f"${self.id}"

    @property
    def shown(self) -> str:
        """The field that tells the node's output from others; empty for a node without such a field."""
        return {"function": ".v", "transform": ".v", "condition": ".port"}.get(self.type, "")

    @property
    def has_output(self) -> bool:
        return self.is_body or bool(self.shown)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self.id, "type": self.type, "parameters": self.parameters}
        data |= {"join": self.join} if self.join != "any" else {}
        data |= {"parent": self.parent} if self.parent else {}
        data |= {"effect": self.effect} if self.effect else {}
        return data | ({"retry_policy": self.retry_policy} if self.retry_policy else {})


@dataclass
class Draft:
    """What has been drawn so far."""

    random: Random
    nodes: list[DraftNode] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    conditional: set[int] = field(default_factory=set)
    """Places of edges that shall have a `when`."""
    triggers: list[dict[str, Any]] = field(default_factory=list)
    handlers: list[dict[str, Any]] = field(default_factory=list)
    variables: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    attempts: dict[str, Sequence[Attempt]] = field(default_factory=dict)

    def add(
        self, node_type: str, prefix: str = "", *, handles: bool = False, parent: str | None = None
    ) -> DraftNode:
        name = f"{prefix or ('l' if node_type == 'for_each' else node_type[0])}{len(self.nodes)}"
        node = DraftNode(name, node_type, handles=handles, parent=parent)
        if node_type == "condition":
            node.ports = self.random.choice((("true", "false"), ("p", "q"), ("p", "q", "r")))
        self.nodes.append(node)
        return node

    def connect(
        self,
        source: DraftNode,
        target: DraftNode,
        port: str,
        *,
        errors: list[str] | None = None,
        when: str | None = None,
        conditional: bool = False,
    ) -> bool:
        """Adds the edge, unless there is one from that port to that node already."""
        same = (source.id, target.id, port)
        if any((edge["from"], edge["to"], edge.get("port", "out")) == same for edge in self.edges):
            return False
        if conditional:
            self.conditional.add(len(self.edges))
        edge: dict[str, Any] = {"from": source.id, "to": target.id}
        edge |= {"port": port} if port != "out" else {}
        edge |= {"errors": errors} if errors else {}
        self.edges.append(edge | ({"when": when} if when else {}))
        return True

    def inside(self, parent: str | None) -> list[DraftNode]:
        """The nodes directly in a body, or at the top."""
        return [node for node in self.nodes if node.parent == parent]

    def bodies_around(self, node: DraftNode) -> list[DraftNode]:
        """The body nodes that it is inside of, innermost first."""
        by_id = {one.id: one for one in self.nodes}
        found: list[DraftNode] = []
        while node.parent:
            node = by_id[node.parent]
            found.append(node)
        return found

    def entering(self, node: DraftNode) -> list[dict[str, Any]]:
        return [edge for edge in self.edges if edge["to"] == node.id]

    def node(self, name: str) -> DraftNode:
        return next(node for node in self.nodes if node.id == name)

    def ends_a_race(self, edge: Mapping[str, Any]) -> bool:
        """Whether an edge beside this one leads to a `join: first`, so that this one may not count."""
        place = (edge["from"], edge.get("port", "out"))
        beside = [one for one in self.edges if (one["from"], one.get("port", "out")) == place]
        return any(self.node(one["to"]).join == "first" for one in beside)

    def is_caught(self, node: DraftNode) -> bool:
        """Whether the node has an error edge, or a handler or tolerance of its own."""
        return (
            any(edge["from"] == node.id and edge.get("port") == "error" for edge in self.edges)
            or any(handler.get("of") == node.id for handler in self.handlers)
            or any(name.startswith("tolerated") for name in node.parameters)
        )

    def caught_errors(self, node: DraftNode) -> Sequence[str]:
        """Names that an error edge of the node matches, or any at all if it has none."""
        ids = {one.id for one in [node, *self.bodies_around(node)]}
        edges = [edge for edge in self.edges if edge["from"] in ids and edge.get("port") == "error"]
        named = [name for edge in edges for name in edge.get("errors", ["*"]) if name != "*"]
        anything = [
            "Network",
            "Timeout",
            "States.Timeout",
            "System",
            "Lambda.Unknown",
            "Unknown",
            "Validation",
        ]
        return named or anything

    def definition(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": "drawn",
            "variables": self.variables,
            "triggers": self.triggers,
            "nodes": [node.to_json() for node in self.nodes],
            "edges": self.edges,
            "error_handlers": self.handlers,
            "settings": self.settings,
        }
        data |= {"output": self.output} if self.output is not None else {}
        return {key: value for key, value in data.items() if value or key == "output"}

    def model(self) -> WorkflowDefinition:
        return WorkflowDefinition.model_validate(self.definition())
