"""Draws what fails in a draft, and how often it is tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any

from tests.properties.cases import Attempt
from tests.properties.draft import ERRORS, Draft, DraftNode

if TYPE_CHECKING:
    from tests.properties.definitions import Features


def _fail_to_evaluate(node: DraftNode) -> None:
    broken = "$number($trigger.body.c0 ? 'x' : 'y')"
    if node.type == "transform":
        node.parameters = {"output": {"v": f"{{% {broken} %}}"}}
    elif node.type == "condition" and "cases" in node.parameters:
        node.parameters["cases"][0]["when"] = f"{{% {broken} = 1 %}}"


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


@dataclass
class _Fate:
    """What one node's attempts come to."""

    attempts: list[Attempt] = field(default_factory=list)
    retry_policy: list[dict[str, Any]] | None = None


def add_failures(draft: Draft, features: Features) -> None:
    """Gives every node its attempts, and some an expression that fails."""
    random = draft.random
    fatal = random.random() < features.unhandled
    if fatal and random.random() < features.failing_expressions:
        _fail_to_decide(draft)
    if fatal and random.random() < 0.1:
        draft.output = {"told": "{% $number($trigger.body.c0 ? '1' : 'y') %}"}
    for node in draft.nodes:
        chance = features.failures if draft.is_caught(node) else 0.08 * fatal
        if not draft.is_caught(node) and any(draft.is_caught(one) for one in draft.bodies_around(node)):
            chance = features.failures / 4
        fails = random.random() < chance
        if fails and random.random() < features.failing_expressions:
            _fail_to_evaluate(node)
        if node.type == "function":
            fate = _fate(draft, node, features, fails=fails and not node.handles)
            _plan(draft, node, fate)
            node.retry_policy = fate.retry_policy


def _plan(draft: Draft, node: DraftNode, fate: _Fate) -> None:
    """In a `for_each` it may be one item only that a node fails for; each item takes longer."""
    random = draft.random
    around = sum(body.type == "for_each" for body in draft.bodies_around(node))
    if not around:
        draft.attempts[node.id] = tuple(fate.attempts)
        return
    stagger = random.randint(1, 5) / 100
    planned = tuple(replace(one, stagger=stagger) for one in fate.attempts)
    item = [random.randrange(3) for _ in range(around)]
    draft.attempts[node.id] = planned
    if random.random() < 0.7:
        draft.attempts[f"{node.id}{item}"] = planned
        draft.attempts[node.id] = (Attempt(planned[-1].seconds, stagger=stagger),)


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
