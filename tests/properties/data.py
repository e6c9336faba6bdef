"""Lets a draft's expressions read earlier nodes, so that data which goes astray shows in the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.properties.certainty import after, in_order
from tests.properties.draft import Draft, DraftNode
from tests.properties.graph import handler_part, normal_part


@dataclass
class _Reader:
    """What one node's expressions may read."""

    random: Random
    values: list[DraftNode]
    """Earlier nodes with an output."""
    error: bool
    """Whether the node stands on an error path and nowhere else."""
    handles: bool = False
    """Whether a handler led to it: an expression that failed in a branch does not tell its node then."""
    variables: list[str] = field(default_factory=list)

    def value(self) -> str:
        """An expression of small size."""
        choices = ["$trigger.body.c1", "$trigger.body.missing", "$trigger.id"]
        choices += [f"${name}" for name in self.variables] * 4
        choices += ["$error.error"] if self.error else []
        choices += ["$error.node"] if self.error and not self.handles else []
        for node in self.random.sample(self.values, min(3, len(self.values))):
            choices += [f"{node.reference}{node.shown}"] * 3 + [f"$exists({node.reference})"]
            choices += [f"{node.reference}.v & '!'", f"{node.reference}.n + 1"]
        return f"{{% {self.random.choice(choices)} %}}"

    def truth(self) -> str:
        choices = [f"$trigger.body.c{self.random.randrange(6)}" for _ in range(4)]
        choices += [f"$not($trigger.body.c{self.random.randrange(6)})", "$trigger.body.missing"]
        choices += [f"$exists(${name})" for name in self.variables]
        for node in self.random.sample(self.values, min(2, len(self.values))):
            choices += [f"{node.reference}.n = 0", f"$exists({node.reference})"]
            choices += [f"{node.reference}{node.shown}"]
        return f"{{% {self.random.choice(choices)} %}}"

    def several(self) -> dict[str, str]:
        return {f"r{index}": self.value() for index in range(self.random.randint(0, 4))}


def fill_in_data(draft: Draft, variables: float) -> None:
    """Gives every node its parameters, every conditional edge its `when`, the definition its output."""
    readers = _readers(draft)
    if variables and any(node.type == "set_variable" for node in draft.nodes):
        _share_variables(draft, readers)
    for node in draft.nodes:
        if node.type == "set_variable" and not readers[node.id].variables:
            node.type = "transform"
        node.parameters = _parameters(draft, node, readers[node.id])
    for place in sorted(draft.conditional):
        edge = draft.edges[place]
        reader = readers[edge["from"]]
        source = next(node for node in draft.nodes if node.id == edge["from"])
        own = [source] if source.shown else []
        edge.setdefault("when", _Reader(draft.random, reader.values + own * 3, reader.error).truth())
    if draft.random.random() < 0.5 and not draft.handlers:
        members = normal_part(draft.model()).nodes
        shown = [node for node in draft.nodes if draft.random.random() < 0.5 and node.id in members]
        draft.output = {
            node.id: f"{{% {node.reference}{node.shown} %}}" for node in shown if node.type != "terminate"
        }


def _readers(draft: Draft) -> dict[str, _Reader]:
    readable: dict[str, list[str]] = {node.id: [] for node in draft.nodes}
    model = draft.model()
    for graph in [normal_part(model), *(handler_part(model, one.node) for one in model.error_handlers)]:
        for earlier, later in after(graph).items():
            for node in later:
                readable[node].append(earlier)
    by_id = {node.id: node for node in draft.nodes}
    return {
        node.id: _Reader(
            draft.random,
            [by_id[one] for one in readable[node.id] if by_id[one].shown],
            node.handles or _only_after_errors(draft, node),
            node.handles,
        )
        for node in draft.nodes
    }


def _only_after_errors(draft: Draft, node: DraftNode) -> bool:
    entering = draft.entering(node)
    return len(entering) == 1 and entering[0].get("port") == "error"


def _share_variables(draft: Draft, readers: Mapping[str, _Reader]) -> None:
    """Each variable is used by nodes that are all ordered among themselves, so its value is certain."""
    later = in_order(normal_part(draft.model()))
    for name in ("x", "y"):
        draft.variables.append({"name": name, "value": f"{name}0"})
        users: list[str] = []
        for node in draft.nodes:
            ordered = all(node.id in later.get(user, ()) for user in users)
            if node.id in later and ordered and (node.type == "set_variable" or draft.random.random() < 0.4):
                users.append(node.id)
                readers[node.id].variables.append(name)


def _parameters(draft: Draft, node: DraftNode, reader: _Reader) -> dict[str, Any]:
    match node.type:
        case "function":
            return {"function": "work", "arguments": reader.several()}
        case "transform":
            return {"output": {"v": node.id, "saw": reader.several()}}
        case "delay":
            return {"seconds": draft.random.randint(1, 60)}
        case "terminate":
            return _terminate(draft, reader)
        case "condition":
            return _condition(draft, node, reader)
        case _:
            return {"values": {name: reader.value() for name in reader.variables}}


def _terminate(draft: Draft, reader: _Reader) -> dict[str, Any]:
    if draft.random.random() < 0.5:
        return {"status": "succeeded", "output": reader.several()}
    return {"status": "failed", "error": "Enough", "cause": "it was enough"}


def _condition(draft: Draft, node: DraftNode, reader: _Reader) -> dict[str, Any]:
    if node.parameters:
        return node.parameters
    if node.ports == ("true", "false"):
        return {"when": reader.truth()}
    if draft.is_caught(node) and draft.random.random() < 0.5:
        return {"cases": [{"port": port, "when": reader.truth()} for port in node.ports]}
    *named, last = node.ports
    return {"cases": [{"port": port, "when": reader.truth()} for port in named], "default": last}
