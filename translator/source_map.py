"""Which state belongs to which node, both ways: what turns an execution's history into a run's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translator.asl import Origin, States, inner_scopes
from translator.graph import FlowNode
from translator.legalize.split import Split


@dataclass(frozen=True)
class SourceMap:
    """States of a finished machine with their origins, in the machine's order."""

    workflow: str
    nodes: Mapping[str, FlowNode]
    states: tuple[tuple[str, Origin], ...]
    parts: Mapping[str, tuple[str, ...]]
    """By machine that a part of the workflow runs in its states; the other states are the workflow's own."""

    def to_json(self) -> dict[str, Any]:
        """By state its node and role; by node its name, its type and its states.

        A state may do the work of other nodes too: of those in `before` when it begins, of each in `after`
        when it is left, where it then assigns the node's output.
        """
        by_node: dict[str, list[str]] = {node: [] for node in self.nodes}
        for name, origin in self.states:
            for node in origin.nodes:
                if node in by_node:
                    by_node[node].append(name)
        parts = {"parts": {name: list(states) for name, states in self.parts.items()}} if self.parts else {}
        return {
            "workflow": self.workflow,
            "states": {name: _place(origin) for name, origin in self.states},
            "nodes": {
                node: {
                    "name": self.nodes[node].name,
                    "type": self.nodes[node].type.name,
                    "states": by_node[node],
                    **_parent(self.nodes[node]),
                }
                for node in self.nodes
            },
            **parts,
        }

    def to_text(self) -> str:
        """One line a state."""
        width = max((len(name) for name, _ in self.states), default=0)
        rows = (f"{name:<{width}}  {origin.role:<7} {_told(origin)}" for name, origin in self.states)
        return "".join(f"{row.rstrip()}\n" for row in rows)


def _parent(node: FlowNode) -> dict[str, str]:
    parent = node.definition.parent
    return {} if parent is None else {"parent": parent}


def _place(origin: Origin) -> dict[str, Any]:
    folded = {"before": list(origin.before), "after": list(origin.after), "failing": origin.failing}
    folded["chain"] = list(origin.chain)
    return {"node": origin.node, "role": origin.role} | {key: value for key, value in folded.items() if value}


def _told(origin: Origin) -> str:
    before = f"{', '.join(origin.before)} then " if origin.before else ""
    after = f", then {', '.join(origin.after)}" if origin.after else ""
    return f"{before}{', '.join(origin.chain) or origin.node}{after}"


def source_map(workflow: str, nodes: Mapping[str, FlowNode], split: Split) -> SourceMap:
    """The map of a finished machine and its parts, whose states all have names of their own."""
    parts = {part.name: tuple(_origins(part.machine.states)) for part in split.parts}
    inside = [state for states in parts.values() for state in states]
    names = {part: tuple(name for name, _ in states) for part, states in parts.items()}
    return SourceMap(workflow, nodes, (*_origins(split.main.states), *inside), names)


def _origins(scope: States) -> Iterator[tuple[str, Origin]]:
    for name, state in scope.states.items():
        yield name, state.origin
        for inner in inner_scopes(state):
            yield from _origins(inner)
