"""Adds back edges to an acyclic draft, such that every loop has a meaning and an end."""

from __future__ import annotations

import copy

from tests.properties.draft import Draft, DraftNode
from tests.properties.graph import normal_part, reached
from tests.properties.loops import Refused, loops_of
from tests.properties.racing import races_of


def add_loops(draft: Draft) -> None:
    """Up to three back edges; what the semantics refuses is taken back."""
    for _ in range(draft.random.randint(1, 3)):
        for _ in range(6):
            if _add_one(draft):
                break


def _add_one(draft: Draft) -> bool:
    random = draft.random
    graph = normal_part(draft.model())
    members = [node for node in draft.nodes if node.id in graph.nodes and node.type != "terminate"]
    if not members:
        return False
    source = random.choice(members)
    headers = [node for node in members if source.id in reached([node.id], graph.links)]
    header = random.choice(headers)
    counters = [
        node
        for node in members
        if node.type == "function"
        and node.id in reached([header.id], graph.links)
        and source.id in reached([node.id], graph.links)
    ]
    if not counters:
        return False
    kept = copy.deepcopy((draft.edges, draft.nodes, draft.conditional))
    if _connect_back(draft, source, header, counter := random.choice(counters)) and _means_well(
        draft, header, counter
    ):
        return True
    draft.edges, draft.nodes, draft.conditional = kept
    return False


def _means_well(draft: Draft, header: DraftNode, counter: DraftNode) -> bool:
    """Whether every loop has a meaning, and the counter counts the iterations of the header's loop."""
    try:
        graph = normal_part(draft.model())
        loops = loops_of(graph)
        races_of(graph, loops)
    except Refused:
        return False
    return any(loop.header == header.id and counter.id in loop.nodes for loop in loops)


def _connect_back(draft: Draft, source: DraftNode, header: DraftNode, counter: DraftNode) -> bool:
    """The way back is open as long as the counter has run fewer than so many times, so the loop ends."""
    again = f"{{% {counter.reference}.n < {draft.random.randint(1, 3)} %}}"
    if draft.random.random() < 0.3 and len(source.ports) == 1:
        return draft.connect(source, header, "out", when=again)
    gate = draft.add("condition", "g")
    gate.ports = ("again", "done")
    gate.parameters = {"cases": [{"port": "again", "when": again}], "default": "done"}
    port = draft.random.choice(source.ports)
    for edge in draft.edges:
        if edge["from"] == source.id and edge.get("port", "out") == port:
            edge |= {"from": gate.id, "port": "done"}
    return draft.connect(source, gate, port) and draft.connect(gate, header, "again")


def add_jumps(draft: Draft) -> None:
    """A loop that is entered at two of its nodes, in place of an edge; no way back is taken for ever."""
    random = draft.random
    edges = [edge for edge in draft.edges if edge.get("port", "out") != "error"]
    if not edges:
        return
    edge = random.choice(edges)
    behind = draft.node(edge["to"])
    gate = _asking(draft, f"{{% $trigger.body.c{random.randrange(6)} %}}")
    works = [draft.add("function", "y") for _ in range(random.randint(2, 3))]
    edge["to"] = gate.id
    edge.pop("when", None)
    draft.conditional.discard(draft.edges.index(edge))
    draft.connect(gate, works[0], "again")
    draft.connect(gate, works[-1], "done")
    for number, work in enumerate(works):
        ask = _asking(draft, f"{{% {work.reference}.n < {random.randint(1, 3)} %}}")
        draft.connect(work, ask, "out", conditional=random.random() < 0.15)
        if random.random() < 0.2:
            draft.connect(work, behind, "error")
        is_last = number == len(works) - 1
        draft.connect(ask, works[0] if is_last else random.choice(works), "again")
        draft.connect(ask, behind if is_last else works[number + 1], "done")


def _asking(draft: Draft, when: str) -> DraftNode:
    node = draft.add("condition", "z")
    node.ports = ("again", "done")
    node.parameters = {"cases": [{"port": "again", "when": when}], "default": "done"}
    return node
