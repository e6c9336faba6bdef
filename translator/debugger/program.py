"""What is debugged: a machine, which node each of its states works for, and where that stands in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from translator.compiler import Compilation
from translator.debugger.errors import UnknownNameError, meant
from translator.definition.model import Edge, Node, WorkflowDefinition
from translator.definition.positions import Positions
from translator.graph import FlowNode
from translator.interpreter import StateMachine
from translator.json_value import JsonObject
from translator.node_type import Iterating

OWN_WORK: Final = frozenset({"task", "choice", "pass", "wait", "body"})
"""The roles of states that do a node's own work; `end` does so for a node that has none of these."""


@dataclass(frozen=True)
class Program:
    """One compiled workflow, ready to be stepped through."""

    definition: WorkflowDefinition
    positions: Positions
    machine: StateMachine
    places: Mapping[str, Mapping[str, Any]]
    """By state its node, its role and whose work it does besides (SourceMap.to_json)."""
    flow: Mapping[str, FlowNode]
    pinned_input: JsonObject
    file_name: str = ""
    is_parted: bool = False
    """Whether the account runs it as several executions, so that one here may have any number of events."""

    @property
    def text(self) -> str:
        """The definition as its author wrote it."""
        return self.positions.text

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The definition's nodes by id."""
        return {node.id: node for node in self.definition.nodes}

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """The workflow's variables with their first values."""
        return {variable.name: variable.value for variable in self.definition.variables}

    @cached_property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges by the node that they leave."""
        found: dict[str, list[Edge]] = {}
        for edge in self.definition.edges:
            found.setdefault(edge.from_, []).append(edge)
        return {node: tuple(edges) for node, edges in found.items()}

    @cached_property
    def _working(self) -> frozenset[str]:
        return frozenset(place["node"] for place in self.places.values() if place["role"] in OWN_WORK)

    def is_own(self, state: str) -> bool:
        """Whether the state does the work of the node that it belongs to."""
        place = self.places.get(state)
        if place is None or place["node"] not in self.nodes:
            return False
        return place["role"] in OWN_WORK or (place["role"] == "end" and place["node"] not in self._working)

    def nodes_of(self, state: str) -> tuple[str, ...]:
        """The nodes whose work the state does, in order; none for one that only serves the machine."""
        place = self.places.get(state, {})
        own = place.get("chain") or ((place["node"],) if self.is_own(state) else ())
        return tuple(dict.fromkeys((*place.get("before", ()), *own, *place.get("after", ()))))

    def node(self, name: str) -> Node:
        """A node by its id; raises UnknownNameError."""
        found = self.nodes.get(name)
        if found is None:
            raise UnknownNameError(f'there is no node "{name}"', meant(name, self.nodes))
        return found

    def around(self, node: str) -> Iterator[str]:
        """The body nodes around a node, innermost first."""
        inner = self.nodes.get(node)
        while inner is not None and inner.parent is not None:
            yield inner.parent
            inner = self.nodes.get(inner.parent)

    def iterating(self, node: str) -> str | None:
        """The innermost `for_each` around a node, which gives `$item` and `$index`."""
        found = (body for body in self.around(node) if isinstance(self.flow[body].lowering, Iterating))
        return next(found, None)

    def line_of(self, node: str) -> tuple[int, int]:
        """The line and the column of a node in the text, from 1; zeros where it has no text."""
        index = list(self.nodes).index(node)
        position = self.positions.at(f"/nodes/{index}")
        return position.line, position.column

    def place_of(self, node: str) -> str:
        """`file:line:column` of a node, as terminals and editors open it."""
        line, column = self.line_of(node)
        return f"{self.file_name or self.definition.id}:{line}:{column}"


def program_of(
    compilation: Compilation, machine: Mapping[str, Any] | None = None, *, file_name: str = ""
) -> Program:
    """A compilation's program; raises DiagnosticsError. `machine` stands in for the one it compiles to."""
    document = compilation.whole_machine if machine is None else machine
    return Program(
        compilation.definition,
        compilation.source.positions,
        StateMachine.parse(document),
        {**dict(_told_by(document)), **compilation.source_map.to_json()["states"]},
        compilation.source_map.nodes,
        compilation.pinned_input,
        file_name,
        machine is None and compilation.is_parted,
    )


def _told_by(scope: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """By state what the machine itself tells of its node: a node's payload names it."""
    for name, state in inner_states(scope):
        arguments = state.get("Arguments")
        payload = arguments.get("Payload") if isinstance(arguments, Mapping) else None
        node = payload.get("node") if isinstance(payload, Mapping) else None
        yield name, {"node": node, "role": "task"} if isinstance(node, str) else {"node": "", "role": "state"}


def inner_states(scope: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All states of a machine, those inside others too, by name."""
    for name, state in scope.get("States", {}).items():
        yield name, state
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor", {}), state.get("Iterator", {})):
            yield from inner_states(inner)
