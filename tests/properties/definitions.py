"""Random valid definitions and what the world answers: as much of the language as `Features` asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies

from tests.properties.cases import Attempt, Case
from tests.properties.competing import add_races
from tests.properties.data import fill_in_data
from tests.properties.draft import ERRORS, Draft, DraftNode
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
    """Chance of a definition to have error handlers."""
    triggers: float = 0.4
    """Chance of a definition to name its triggers."""
    loops: float = 0.0
    """Chance of a definition to have back edges."""
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
JUMPING = Features(jumps=1.0, loops=0.4, races=0.2, nodes=6)
RACING = Features(first=0.5, races=0.9, nodes=12)

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
    if random.random() < features.loops:
        add_loops(draft)
    if features.first:
        _add_first_joins(draft, features.first)
    _add_handlers(draft, features)
    fill_in_data(draft, features.variables)
    _add_failures(draft, features)
    for node in draft.nodes:
        if node.type == "function" and random.random() < features.repeatable:
            node.effect = random.choice(("read", "idempotent"))
    draft.settings = {"optimize": random.choice((0, 1, 2))}
    definition = draft.definition()
    fired = random.choice(sorted(normal_part(draft.model()).entries))
    body = {f"c{index}": random.random() < 0.6 for index in range(6)}
    return Case(definition, {"id": fired, "type": "manual", "body": body}, dict(draft.attempts))


def cases(features: Features = ACYCLIC) -> strategies.SearchStrategy[Case]:
    """The same, drawn by hypothesis."""
    return strategies.randoms(use_true_random=False).map(lambda random: generate(random, features))


def _add_nodes(draft: Draft, features: Features) -> None:
    random = draft.random
    count = random.randint(1, features.nodes)
    window = random.choice((1, 2, 4, 8, count))
    more = random.choice((0.0, 0.2, 0.5))
    for _ in range(count):
        node = draft.add(_type(random, features))
        sources = [one for one in draft.nodes[:-1] if one.type != "terminate"]
        if not sources or random.random() < features.parts:
            continue
        near = sources[-window:]
        wanted = 1 + sum(random.random() < more for _ in range(3))
        for source in random.sample(near, min(wanted, len(near))):
            _connect(draft, source, node, features)
        if len(draft.entering(node)) > 1:
            node.join = random.choice(features.joins)


def _type(random: Random, features: Features) -> str:
    chosen = random.random()
    for name, chance in (
        ("condition", features.conditions),
        ("transform", features.transforms),
        ("delay", features.delays),
        ("terminate", features.terminates),
        ("set_variable", features.variables),
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
    roots = [node.id for node in draft.nodes if not draft.entering(node)]
    entries: list[str | None] = [one for one in roots if random.random() < 0.9]
    if random.random() < 0.3:
        entries.append(random.choice(draft.nodes).id)
    if random.random() < 0.3 or not entries:
        entries.append(None)
    draft.triggers = [
        {"id": f"t{index}", "type": "manual"} | ({"entry": entry} if entry else {})
        for index, entry in enumerate(entries)
    ]


def _add_first_joins(draft: Draft, chance: float) -> None:
    for node in draft.nodes:
        if len(draft.entering(node)) > 1 and draft.random.random() < chance:
            before, node.join = node.join, "first"
            graph = normal_part(draft.model())
            try:
                races_of(graph, loops_of(graph))
            except Refused:
                node.join = before


def _add_handlers(draft: Draft, features: Features) -> None:
    random = draft.random
    if random.random() >= features.handlers:
        return
    for index in range(random.randint(1, 2)):
        errors = random.sample(CLASSES, 2) if random.random() < 0.5 else ["*"]
        nodes = [draft.add("function", f"h{index}_", handles=True) for _ in range(random.randint(1, 4))]
        for number, node in enumerate(nodes[1:], 1):
            draft.connect(random.choice(nodes[:number]), node, "out")
        entry = {"errors": errors, "node": nodes[0].id}
        draft.handlers.append(entry | ({"resolve": True} if random.random() < 0.5 else {}))


def _fail_to_evaluate(node: DraftNode) -> None:
    broken = "$number($trigger.body.c0 ? 'x' : 'y')"
    if node.type == "transform":
        node.parameters = {"output": {"v": f"{{% {broken} %}}"}}
    elif node.type == "condition" and "cases" in node.parameters:
        node.parameters["cases"][0]["when"] = f"{{% {broken} = 1 %}}"


@dataclass
class _Fate:
    """What one node's attempts come to."""

    attempts: list[Attempt] = field(default_factory=list)
    retry_policy: list[dict[str, Any]] | None = None


def _fail_to_decide(draft: Draft) -> None:
    """Lets a condition of an edge fail, where a node's only edge has it: then all depends on it."""
    random = draft.random
    places = [
        place
        for place in sorted(draft.conditional)
        if "when" in draft.edges[place] and len(draft.entering(draft.node(draft.edges[place]["to"]))) == 1
    ]
    for place in places:
        if random.random() < 0.3 and not draft.ends_a_race(draft.edges[place]):
            fine = random.choice(("'1'", "'x'"))
            draft.edges[place]["when"] = (
                f"{{% $number($trigger.body.c{random.randrange(6)} ? {fine} : 'y') = 1 %}}"
            )


def _add_failures(draft: Draft, features: Features) -> None:
    random = draft.random
    fatal = random.random() < features.unhandled
    if fatal and random.random() < features.failing_expressions:
        _fail_to_decide(draft)
    if fatal and random.random() < 0.1:
        draft.output = {"told": "{% $number($trigger.body.c0 ? '1' : 'y') %}"}
    for node in draft.nodes:
        fails = random.random() < (features.failures if draft.is_caught(node) else 0.08 * fatal)
        if fails and random.random() < features.failing_expressions:
            _fail_to_evaluate(node)
        if node.type == "function":
            fate = _fate(draft, node, features, fails=fails and not node.handles)
            draft.attempts[node.id] = tuple(fate.attempts)
            node.retry_policy = fate.retry_policy


def _fate(draft: Draft, node: DraftNode, features: Features, *, fails: bool) -> _Fate:
    random = draft.random
    error = random.choice(draft.caught_errors(node) if fails else ERRORS)
    fate = _Fate()
    if random.random() < features.retries:
        fate.retry_policy = [{"errors": [error], "max_attempts": 2, "interval_seconds": random.randint(1, 9)}]
        fate.attempts = [Attempt(_seconds(random), error) for _ in range(random.randint(1, 2))]
    fate.attempts.append(Attempt(_seconds(random), error if fails else None))
    return fate


def _seconds(random: Random) -> float:
    return random.randint(1, 5_000) / 100
