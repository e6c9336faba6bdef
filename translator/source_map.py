"""Which state belongs to which node, both ways: what turns an execution's history into a run's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translator.asl import Machine, Origin, States, inner_scopes
from translator.graph import FlowNode


@dataclass(frozen=True)
class SourceMap:
    """States of a finished machine with their origins, in the machine's order."""

    workflow: str
    nodes: Mapping[str, FlowNode]
    states: tuple[tuple[str, Origin], ...]

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
        return {
            "workflow": self.workflow,
            "states": {name: _place(origin) for name, origin in self.states},
            "nodes": {
                node: {
                    "name": self.nodes[node].name,
                    "type": self.nodes[node].type.name,
                    "states": by_node[node],
                }
                for node in self.nodes
            },
        }

    def to_text(self) -> str:
        """One line a state."""
        width = max((len(name) for name, _ in self.states), default=0)
        return "".join(f"{name:<{width}}  {origin.role:<7} {_told(origin)}\n" for name, origin in self.states)


def _place(origin: Origin) -> dict[str, Any]:
    folded = {"before": list(origin.before), "after": list(origin.after), "failing": origin.failing}
    folded["chain"] = list(origin.chain)
    return {"node": origin.node, "role": origin.role} | {key: value for key, value in folded.items() if value}


def _told(origin: Origin) -> str:
    before = f"{', '.join(origin.before)} then " if origin.before else ""
    after = f", then {', '.join(origin.after)}" if origin.after else ""
    return f"{before}{', '.join(origin.chain) or origin.node}{after}"


def source_map(workflow: str, nodes: Mapping[str, FlowNode], machine: Machine) -> SourceMap:
    """The map of a finished machine."""
    return SourceMap(workflow, nodes, tuple(_origins(machine.states)))


def _origins(scope: States) -> Iterator[tuple[str, Origin]]:
    for name, state in scope.states.items():
        yield name, state.origin
        for inner in inner_scopes(state):
            yield from _origins(inner)
