"""One iteration of a body, and the handling of a failure that nothing inside took."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.properties.behaviour import EXPRESSION_ERROR, Failure, Outcome, matches
from tests.properties.expressions import EvaluationFailed
from tests.properties.part import Part
from tests.properties.world import Names, Place, World


class Iteration:
    """Runs once; `done` is told how it ended, unless it is cancelled before.

    `result` gives its value when all it started has ended.
    """

    def __init__(
        self,
        world: World,
        body: str,
        names: Names,
        place: Place,
        result: Callable[[Part], Any],
        done: Callable[[Outcome], None],
    ) -> None:
        self._body = body
        self._result = result
        self._done = done
        own = {node.id: None for node in world.plans.inside(body)}
        self._part = Part(world, world.plans.normal(body), {**names, **own}, place, self._ended)

    def begin(self) -> None:
        """Starts with the body's first nodes."""
        self._part.begin(self._body)

    def cancel(self) -> None:
        """Ends what is under way."""
        self._part.cancel()

    def _ended(self, part: Part) -> None:
        if part.fatal or part.ended:
            self._done(Outcome(failure=part.fatal, ended=part.ended))
        else:
            self._done(concluded(part, self._result, self._body))


def concluded(part: Part, result: Callable[[Part], Any], of: str = "") -> Outcome:
    """How a part ends that nothing cut short: an output that cannot be evaluated is a failure."""
    try:
        return Outcome(output=result(part))
    except EvaluationFailed as failed:
        return Outcome(failure=Failure(EXPRESSION_ERROR, str(failed), of))


def last_outputs(part: Part) -> dict[str, Any]:
    """Output: those nodes without outgoing forward edges that succeeded."""
    inner = {link.source for link in part.plan.forward}
    return {node: part.names[node] for node in part.plan.graph.nodes if node in part.succeeded - inner}


def handle(
    world: World,
    of: str | None,
    failure: Failure,
    names: Names,
    place: Place,
    done: Callable[[Part, Failure | None], None],
) -> Part | None:
    """An unhandled failure: the first matching entry of the body or the workflow, now under way.

    `done` is told the part it was, and the failure that is left.
    """
    entries = world.plans.definition.error_handlers
    entry = next((one for one in entries if one.of == of and matches(one.errors, failure.error)), None)
    if entry is None:
        return None

    def ended(part: Part) -> None:
        is_decided = entry.resolve or part.ended is not None
        done(part, part.fatal or (None if is_decided else failure))

    plan = world.plans.handler(entry)
    own = dict.fromkeys(plan.graph.nodes)
    handling = Part(world, plan, {**names, **own, "error": failure.to_json()}, place, ended)
    handling.begin(entry.node)
    return handling
