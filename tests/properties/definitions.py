"""Random valid definitions and what the world answers: as much of the language as `Features` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies

from tests.properties.cases import Case
from tests.properties.competing import add_races
from tests.properties.data import fill_in_data
from tests.properties.draft import Draft, DraftNode
from tests.properties.failing import add_failures
from tests.properties.graph import normal_part
from tests.properties.loops import Refused, loops_of
from tests.properties.racing import races_of
from tests.properties.repeating import add_jumps, add_loops


@dataclass(frozen=True)
class Features:
    """What a random definition may hold; the chances are per node, edge or definition."""

    nodes: int = 40
    """At most."""
    parts: float = 0.08
    """Chance of a node to begin a part of its own."""
    conditions: float = 0.2
    transforms: float = 0.15
    delays: float = 0.05
    terminates: float = 0.02
    variables: float = 0.1
    joins: tuple[str, ...] = ("any", "any", "all")
    when: float = 0.2
    error_edges: float = 0.12
    failures: float = 0.3
    """Chance of a node with an error edge to fail."""
    unhandled: float = 0.4
    """Chance of a definition to hold nodes that fail with nothing to catch it."""
    failing_expressions: float = 0.5
    """Chance of a transform or condition that shall fail to hold an expression that does."""
    retries: float = 0.1
    repeatable: float = 0.5
    """Chance of a node that calls a function to be one that may be repeated."""
    handlers: float = 0.4
    """Chance of a definition to have error handlers; of a body less."""
    triggers: float = 0.4
    """Chance of a definition to name its triggers."""
    loops: float = 0.0
    """Chance of a definition to have back edges; of each of its bodies too."""
    bodies: float = 0.0
    """Chance of a node to be a `for_each`, a `while` or a `parallel`."""
    depth: int = 3
    """How deep bodies are nested at most."""
    jumps: float = 0.0
    """Chance of a definition to have a loop with two ways in."""
    first: float = 0.0
    """Chance of a node that `join: first` is allowed on to have it."""
    races: float = 0.0
    """Chance of a definition to have branches put in that end in a `join: first`."""


SEQUENTIAL = Features(
    parts=0,
    conditions=0,
    terminates=0,
    variables=0,
    when=0,
    error_edges=0,
    unhandled=0,
    handlers=0,
    triggers=0,
)
"""Forks and joins only, and no failures."""
ACYCLIC = Features(handlers=0)
HANDLED = Features(handlers=0.8, unhandled=0.8)
CYCLIC = Features(loops=1.0, handlers=0)
BODIED = Features(bodies=0.3, nodes=4, depth=2, unhandled=0.8, parts=0.15)
NESTED = Features(bodies=0.25, nodes=12, unhandled=0.8, parts=0.15, loops=0.4, variables=0.15, races=0.2)
JUMPING = Features(jumps=1.0, loops=0.4, races=0.2, nodes=6)
RACING = Features(first=0.5, races=0.9, nodes=12)

KINDS_OF_BODY = ("for_each", "for_each", "while", "parallel")
CLASSES = ("Network", "Timeout", "System", "Unknown", "Validation", "*")


def generate(random: Random, features: Features = ACYCLIC) -> Case:
    """A case; equal random states give equal cases."""
    draft = Draft(random)
    _add_nodes(draft, features)
    _add_triggers(draft, features)
    if random.random() < features.races:
        add_races(draft)
    if random.random() < features.jumps:
        add_jumps(draft)
    for parent in [None, *(node.id for node in draft.nodes if node.is_body)]:
        if random.random() < features.loops:
            add_loops(draft, parent)
    if features.first:
        _add_first_joins(draft, features.first)
    for of in [None, *(node for node in draft.nodes if node.is_body)]:
        if random.random() < features.handlers * (1 if of is None else 0.4):
            _add_handlers(draft, of)
    fill_in_data(draft, features.variables)
    add_failures(draft, features)
    for node in draft.nodes:
        if node.type == "function" and random.random() < features.repeatable:
            node.effect = random.choice(("read", "idempotent"))
    draft.settings = {"optimize": random.choice((0, 1, 2))}
    definition = draft.definition()
    fired = random.choice(sorted(normal_part(draft.model()).entries))
    body: dict[str, Any] = {f"c{index}": random.random() < 0.6 for index in range(6)}
    if features.bodies:
        body["items"] = [f"i{index}" for index in range(random.randint(0, 4))]
    return Case(definition, {"id": fired, "type": "manual", "body": body}, dict(draft.attempts))


def cases(features: Features = ACYCLIC) -> strategies.SearchStrategy[Case]:
    """The same, drawn by hypothesis."""
    return strategies.randoms(use_true_random=False).map(lambda random: generate(random, features))


def _add_nodes(draft: Draft, features: Features, around: tuple[DraftNode, ...] = ()) -> None:
    """Those at the top, or those in the innermost of the bodies `around`; and what is inside of them."""
    random = draft.random
    parent = around[0].id if around else None
    count = random.randint(1, max(1, features.nodes // 2 ** len(around)))
    window = random.choice((1, 2, 4, 8, count))
    more = random.choice((0.0, 0.2, 0.5))
    for number in range(count):
        wants_body = features.bodies and not around and not number
        node_type = random.choice(KINDS_OF_BODY) if wants_body else _type(random, features, around)
        node = draft.add(node_type, parent=parent)
        sources = [one for one in draft.inside(parent)[:-1] if one.type != "terminate"]
        if not sources or random.random() < features.parts:
            continue
        near = sources[-window:]
        wanted = 1 + sum(random.random() < more for _ in range(3))
        for source in random.sample(near, min(wanted, len(near))):
            _connect(draft, source, node, features)
        if len(draft.entering(node)) > 1:
            node.join = random.choice(features.joins)
    for node in draft.inside(parent):
        if node.is_body:
            _add_nodes(draft, features, (node, *around))


def _type(random: Random, features: Features, around: tuple[DraftNode, ...]) -> str:
    is_repeated = any(body.type == "for_each" for body in around)
    chosen = random.random()
    for name, chance in (
        ("condition", features.conditions),
        ("transform", features.transforms),
        ("delay", features.delays),
        ("terminate", features.terminates / 2 ** len(around)),
        ("set_variable", 0 if is_repeated else features.variables),
        (random.choice(KINDS_OF_BODY), features.bodies if len(around) < features.depth else 0),
    ):
        if chosen < chance:
            return name
        chosen -= chance
    return "function"


def _connect(draft: Draft, source: DraftNode, target: DraftNode, features: Features) -> None:
    random = draft.random
    port = random.choice(source.ports)
    if source.can_fail and random.random() < features.error_edges:
        errors = None if random.random() < 0.5 else random.sample(CLASSES, random.randint(1, 3))
        draft.connect(source, target, "error", errors=errors)
        if random.random() < 0.8:
            return
    draft.connect(source, target, port, conditional=random.random() < features.when)
    if len(source.ports) > 1 and random.random() < 0.15:
        draft.connect(source, target, random.choice(source.ports))


def _add_triggers(draft: Draft, features: Features) -> None:
    random = draft.random
    if random.random() >= features.triggers:
        return
    roots = [node.id for node in draft.inside(None) if not draft.entering(node)]
    entries: list[str | None] = [one for one in roots if random.random() < 0.9]
    if random.random() < 0.3:
        entries.append(random.choice(draft.inside(None)).id)
    if random.random() < 0.3 or not entries:
        entries.append(None)
    draft.triggers = [
        {"id": f"t{index}", "type": "manual"} | ({"entry": entry} if entry else {})
        for index, entry in enumerate(entries)
    ]


def _add_first_joins(draft: Draft, chance: float) -> None:
    for node in draft.inside(None):
        if len(draft.entering(node)) > 1 and draft.random.random() < chance:
            before, node.join = node.join, "first"
            graph = normal_part(draft.model())
            try:
                races_of(graph, loops_of(graph))
            except Refused:
                node.join = before


def _add_handlers(draft: Draft, of: DraftNode | None) -> None:
    random = draft.random
    parent = of.parent if of else None
    for _ in range(random.randint(1, 2)):
        errors = random.sample(CLASSES, 2) if random.random() < 0.5 else ["*"]
        prefix = f"h{len(draft.handlers)}_"
        nodes = [
            draft.add("function", prefix, handles=True, parent=parent) for _ in range(random.randint(1, 4))
        ]
        for number, node in enumerate(nodes[1:], 1):
            draft.connect(random.choice(nodes[:number]), node, "out")
        entry = {"errors": errors, "node": nodes[0].id} | ({"of": of.id} if of else {})
        draft.handlers.append(entry | ({"resolve": True} if random.random() < 0.5 else {}))
