"""A definition's nodes and edges as the semantics sees them: parts, entries and the links between nodes."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from translator.definition.model import Node, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of the definition; `index` is its place there, which also orders what matches first."""

    index: int
    source: str
    target: str
    port: str
    when: str | None
    errors: tuple[str, ...]
    """Of an error edge: what it takes, everything if empty."""

    def reversed(self) -> Link:
        return replace(self, source=self.target, target=self.source)


@dataclass(frozen=True)
class Graph:
    """One part of a definition: the part that triggers start, or the part that one handler starts."""

    nodes: dict[str, Node]
    links: tuple[Link, ...]
    entries: dict[str, tuple[str, ...]]
    """Entry nodes by trigger id; of a handler's part, by the handler's node."""

    def leaving(self, node: str) -> list[Link]:
        return [link for link in self.links if link.source == node]

    def entering(self, node: str) -> list[Link]:
        return [link for link in self.links if link.target == node]


IMPLICIT_TRIGGER = "manual"


def links_of(definition: WorkflowDefinition) -> tuple[Link, ...]:
    """Every edge of the definition, in its order."""
    return tuple(
        Link(index, edge.from_, edge.to, edge.port, edge.when, edge.errors or ())
        for index, edge in enumerate(definition.edges)
    )


def first_nodes(definition: WorkflowDefinition, body: str | None = None) -> tuple[str, ...]:
    """Of every knot of nodes that nothing else leads to, the one listed first; mostly a knot is one node."""
    reserved = {handler.node for handler in definition.error_handlers}
    reserved |= {node.compensate_with for node in definition.nodes if node.compensate_with}
    ids = [node.id for node in definition.nodes if node.parent == body]
    inside = set(ids)
    links = [link for link in links_of(definition) if link.source in inside]
    following = leading_on(links)
    ahead = {one: reached_along([one], following) for one in ids}
    behind = {one: [other for other in ids if one in ahead[other]] for one in ids}
    return tuple(
        one
        for one in ids
        if behind[one][0] == one and ahead[one].issuperset(behind[one]) and reserved.isdisjoint(behind[one])
    )


def normal_part(definition: WorkflowDefinition, body: str | None = None) -> Graph:
    """What triggers reach; a trigger without `entry` enters all first nodes, and so does the implicit one.

    Of a body: what an iteration reaches from all its first nodes; the body counts as their trigger.
    """
    first = first_nodes(definition, body)
    if body is not None:
        return _part(definition, {body: first}, without=())
    entries = {trigger.id: (trigger.entry,) if trigger.entry else first for trigger in definition.triggers}
    return _part(definition, entries or {IMPLICIT_TRIGGER: first}, without=())


def handler_part(definition: WorkflowDefinition, handler: str, body: str | None = None) -> Graph:
    """The handler's node and what only handlers lead to."""
    return _part(definition, {handler: (handler,)}, without=normal_part(definition, body).nodes)


def parts(definition: WorkflowDefinition) -> list[Graph]:
    """All of them: the normal one, that of every body, that of every handler."""
    parent = {node.id: node.parent for node in definition.nodes}
    inner = [normal_part(definition, body) for body in sorted({one for one in parent.values() if one})]
    handling = [
        handler_part(definition, one.node, parent.get(one.of) if one.of else None)
        for one in definition.error_handlers
    ]
    return [normal_part(definition), *inner, *handling]


def _part(
    definition: WorkflowDefinition, entries: dict[str, tuple[str, ...]], without: Collection[str]
) -> Graph:
    links = links_of(definition)
    started = [entry for group in entries.values() for entry in group]
    members = reached(started, links) - set(without)
    return Graph(
        nodes={node.id: node for node in definition.nodes if node.id in members},
        links=tuple(link for link in links if link.source in members and link.target in members),
        entries=entries,
    )


def reached(start: Iterable[str], links: Iterable[Link]) -> set[str]:
    """What the links lead to from `start`, which is included."""
    return reached_along(start, leading_on(links))


def leading_on(links: Iterable[Link]) -> Mapping[str, Sequence[str]]:
    """By source the targets."""
    following: dict[str, list[str]] = {}
    for link in links:
        following.setdefault(link.source, []).append(link.target)
    return following


def reached_along(start: Iterable[str], following: Mapping[str, Sequence[str]]) -> set[str]:
    """The same where it is known already what leads to what."""
    found = set(start)
    waiting = deque(found)
    while waiting:
        for node in following.get(waiting.popleft(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def preference(link: Link) -> tuple[bool, tuple[str, ...], str]:
    """Of several matching error edges: what names errors before `*`, then by the alphabet."""
    return (not link.errors or "*" in link.errors, link.errors, link.target)
