"""Which node is in the body of which, as far as the definition says so in a way that can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from translator import nodes as node_types
from translator.analyses.deepest import MOST_NESTED, TOO_DEEP, why_too_deep
from translator.definition.model import Node, WorkflowDefinition
from translator.diagnostics.nearest import nearest
from translator.resolve.report import Report

NO_BODY: Final = "WF340"
CROSSING: Final = "WF342"
WRONG_HANDLER: Final = "WF345"
RESULT_OF: Final = "$output:"
"""Before the id of a body node: the reader that is the end of its body."""


@dataclass(frozen=True)
class Nesting:
    """The body around each node; a node whose `parent` makes no sense is in none that is looked at."""

    parents: Mapping[str, str]
    """By node of a body the body's node."""
    misplaced: frozenset[str]
    types: Mapping[str, str]
    too_deep: frozenset[str] = frozenset()
    """Of those that are misplaced the ones in too many bodies."""

    def parent(self, node: str) -> str | None:
        """The innermost body around a node, None of the workflow's own."""
        return self.parents.get(node)

    def around(self, reader: str) -> Iterator[str]:
        """The body nodes around a node or the end of a body, innermost first."""
        if reader.startswith(RESULT_OF):
            yield reader.removeprefix(RESULT_OF)
            reader = reader.removeprefix(RESULT_OF)
        while reader in self.parents:
            reader = self.parents[reader]
            yield reader

    def names_for(self, reader: str) -> frozenset[str]:
        """The names, `item` and `index`, that the bodies around give to what reads inside them."""
        given = (_given_inside(self.types[body]) for body in self.around(reader))
        return frozenset().union(*given)

    def giver(self, reader: str, name: str) -> str | None:
        """The innermost body node around that gives such a name."""
        return next((body for body in self.around(reader) if name in _given_inside(self.types[body])), None)

    def inside(self, body: str | None) -> frozenset[str]:
        """The nodes that are in the body themselves, not in one inside it; None: in no body."""
        return self._inside.get(body, frozenset())

    @cached_property
    def _inside(self) -> Mapping[str | None, frozenset[str]]:
        found: dict[str | None, set[str]] = {}
        for node in self.types.keys() - self.misplaced:
            found.setdefault(self.parents.get(node), set()).add(node)
        return {body: frozenset(nodes) for body, nodes in found.items()}


def find_nesting(definition: WorkflowDefinition) -> Nesting:
    """The nesting, without a word on what is wrong with it."""
    types = {node.id: node.type for node in definition.nodes}
    wanted = {node.id: node.parent for node in definition.nodes if node.parent is not None}
    parents = {node: parent for node, parent in wanted.items() if _has_body(types.get(parent))}
    depths = _depths(parents)
    kept = {node: parent for node, parent in parents.items() if 0 < depths.get(node, 0) <= MOST_NESTED}
    too_deep = frozenset(node for node in parents if depths.get(node, 0) > MOST_NESTED)
    return Nesting(kept, frozenset(wanted.keys() - kept.keys()), types, too_deep)


def _given_inside(type_name: str) -> frozenset[str]:
    return node_types.load(type_name).names_inside


def _has_body(type_name: str | None) -> bool:
    return type_name in node_types.names() and node_types.load(type_name).has_body


def _depths(parents: Mapping[str, str]) -> Mapping[str, int]:
    """By node how many bodies are around it; nothing of a node whose bodies go round in a circle."""
    inside: dict[str, list[str]] = {}
    for node, parent in parents.items():
        inside.setdefault(parent, []).append(node)
    pending = [(parent, 0) for parent in inside if parent not in parents]
    found: dict[str, int] = {}
    while pending:
        parent, depth = pending.pop()
        for node in inside.get(parent, ()):
            found[node] = depth + 1
            pending.append((node, depth + 1))
    return found


def check_nesting(definition: WorkflowDefinition, nesting: Nesting, report: Report) -> None:
    """Every `parent` that is no body's node, and every circle of them."""
    for index, node in enumerate(definition.nodes):
        if node.id in nesting.too_deep:
            if node.parent not in nesting.too_deep:
                report.error(TOO_DEEP, *why_too_deep(node.id), f"/nodes/{index}/parent")
        elif node.id in nesting.misplaced:
            message, hint = _why_misplaced(node, nesting)
            report.error(NO_BODY, message, hint, f"/nodes/{index}/parent")


def check_handlers(definition: WorkflowDefinition, nesting: Nesting, report: Report) -> None:
    """Every handler of what has no body, and every one that does not stand beside what it guards."""
    for index, handler in enumerate(definition.error_handlers):
        pointer = f"/error_handlers/{index}"
        if handler.of is not None and not _has_body(nesting.types.get(handler.of)):
            message = f'an error handler is one of "{handler.of}", which is no node with a body'
            bodies = [name for name, type_name in nesting.types.items() if _has_body(type_name)]
            near = nearest(handler.of, bodies)
            hint = f'did you mean "{near}"?' if near else "remove `of` to handle every failure"
            report.error(WRONG_HANDLER, message, hint, f"{pointer}/of")
        elif handler.node in nesting.types and nesting.parent(handler.node) != _level(handler.of, nesting):
            level = _level(handler.of, nesting)
            message = f'the error handler "{handler.node}" does not stand beside what it guards'
            hint = f"give it `parent: {level}`" if level else "remove its `parent`"
            report.error(WRONG_HANDLER, message, hint, f"{pointer}/node")


def _level(body: str | None, nesting: Nesting) -> str | None:
    return None if body is None else nesting.parent(body)


def crosses(source: str, target: str, nesting: Nesting) -> bool:
    """Whether an edge between two nodes would lead into a body or out of one."""
    both = {source, target}
    return both <= nesting.types.keys() and nesting.parent(source) != nesting.parent(target)


def report_crossing(source: str, target: str, pointer: str, nesting: Nesting, report: Report) -> None:
    """An edge that leads into a body or out of one; a node that is misplaced has been reported itself."""
    if {source, target} & nesting.misplaced:
        return
    here, there = nesting.parent(source), nesting.parent(target)
    if there == source or here == target:
        message = f'the edge "{source}" → "{target}" leads between a node and its own body'
        hint = "remove it: the body node runs its body by itself, and goes on when that has ended"
    else:
        side = f'into the body of "{there}"' if there else f'out of the body of "{here}"'
        message = f'the edge "{source}" → "{target}" leads {side}'
        end = (there, "to") if there else (here, "from")
        hint = f'lead it {end[1]} "{end[0]}", or put both nodes into the same body'
    report.error(CROSSING, message, hint, pointer)


def _why_misplaced(node: Node, nesting: Nesting) -> tuple[str, str]:
    parent = node.parent or ""
    found = nesting.types.get(parent)
    bodies = [name for name, type_name in nesting.types.items() if _has_body(type_name)]
    near = nearest(parent, bodies)
    if found is None:
        message = f'node "{node.id}" has the parent "{parent}", which is no node'
        return message, f'did you mean "{near}"?' if near else "name the node whose body it belongs to"
    if not _has_body(found):
        message = f'node "{node.id}" has the parent "{parent}", and a node of type "{found}" has no body'
        types = ", ".join(name for name in node_types.names() if node_types.load(name).has_body)
        return message, f"only these types have one: {types}"
    message = f'node "{node.id}" is inside the body of "{parent}", which is inside its own'
    return message, "remove one `parent` of the circle"
