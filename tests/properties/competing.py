"""Puts branches that compete for a `join: first` into edges of an acyclic draft."""

from __future__ import annotations

from tests.properties.draft import Draft, DraftNode


def add_races(draft: Draft) -> None:
    """One to three races, the later ones often inside the earlier."""
    for _ in range(draft.random.randint(1, 3)):
        edges = [edge for edge in draft.edges if edge.get("port", "out") != "error"]
        if edges:
            _put_into(draft, draft.random.choice(edges[-12:]))


def _put_into(draft: Draft, edge: dict[str, str]) -> None:
    """The edge's source becomes the fork, and the join leads to the edge's target."""
    random = draft.random
    by_id = {node.id: node for node in draft.nodes}
    fork, behind, port = by_id[edge["from"]], by_id[edge["to"]], edge.get("port", "out")
    join = draft.add(random.choice(("function", "function", "transform")), "j")
    join.join = "first"
    if random.random() < 0.15:
        draft.connect(fork, join, port, conditional=True)
    ends = [node for _ in range(random.randint(1, 3)) for node in _branch(draft, fork, port)]
    if random.random() < 0.3:
        ends += _crossing(draft, ends)
    for end in ends:
        for leaving in end.ports:
            draft.connect(end, join, leaving, conditional=random.random() < 0.2)
        if end.type == "function" and random.random() < 0.15:
            draft.connect(end, join, "error")
    draft.connect(join, behind, "out")
    if random.random() < 0.7:
        edge["from"] = join.id
        edge.pop("port", None)
        draft.edges[:] = [one for n, one in enumerate(draft.edges) if one not in draft.edges[:n]]


def _branch(draft: Draft, fork: DraftNode, port: str) -> list[DraftNode]:
    """A chain or a small fork; the nodes that shall lead to the join."""
    random = draft.random
    first = _competitor(draft)
    draft.connect(fork, first, port, conditional=random.random() < 0.15)
    if random.random() < 0.4:
        return [first]
    later = [_competitor(draft) for _ in range(random.randint(1, 2))]
    for node in later:
        for leaving in first.ports if random.random() < 0.7 else first.ports[:1]:
            draft.connect(first, node, leaving)
    return [*later, first] if random.random() < 0.2 or len(first.ports) > 1 else later


def _crossing(draft: Draft, before: list[DraftNode]) -> list[DraftNode]:
    """Nodes that several branches lead to, so that nesting needs a barrier."""
    random = draft.random
    nodes = [draft.add("function", "x") for _ in range(2)]
    for node in nodes:
        for one in random.sample(before, min(2, len(before))):
            draft.connect(one, node, random.choice(one.ports))
        if len(draft.entering(node)) > 1:
            node.join = random.choice(("any", "all"))
    return [node for node in nodes if draft.entering(node)]


def _competitor(draft: Draft) -> DraftNode:
    kind = draft.random.choice(("function", "function", "function", "transform", "condition", "set_variable"))
    return draft.add(kind, "c" if kind != "condition" else "q")
