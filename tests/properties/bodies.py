"""Bodies: what repeats for every item, what repeats while a condition holds, what runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.properties.behaviour import EXPRESSION_ERROR, Failure, Outcome
from tests.properties.expressions import EvaluationFailed, fill, truth
from tests.properties.iteration import Iteration, handle, last_outputs
from tests.properties.part import Part
from tests.properties.world import Body, Names, Place, World
from translator.definition.model import Node

Done = Callable[[Outcome], None]
DEFAULT_MAX_ITERATIONS = 100


def body_of(world: World, node: Node, names: Names, place: Place, done: Done) -> Body:
    """A body node that can begin; an expression of its own that fails, fails it."""
    return _KINDS[node.type](world, node, names, place, done)


class _BodyNode:
    """What the kinds share: iterations, what their values are, and the handling of a failure."""

    def __init__(self, world: World, node: Node, names: Names, place: Place, done: Done) -> None:
        self.world = world
        self.node = node
        self.names = names
        self.place = place
        self.running: dict[int, Iteration] = {}
        self._done = done
        self._handling: Part | None = None

    def cancel(self) -> None:
        for iteration in self.running.values():
            iteration.cancel()
        self.running.clear()
        if self._handling:
            self._handling.cancel()

    def iterate(self, index: int, names: Mapping[str, Any], place: Place) -> None:
        """Begins one iteration."""

        def done(outcome: Outcome) -> None:
            del self.running[index]
            self.after(index, outcome)

        whole = {**self.names, **names}
        self.running[index] = Iteration(self.world, self.node.id, whole, place, self.value, done)
        self.running[index].begin()

    def after(self, index: int, outcome: Outcome) -> None:
        """Goes on when an iteration has ended."""
        raise NotImplementedError

    def value(self, part: Part) -> Any:
        """Of an iteration: `output`, else as of a run."""
        if "output" in self.node.parameters:
            return fill(self.node.parameters["output"], part.seen())
        return last_outputs(part)

    def fail(self, error: str, cause: str = "") -> None:
        self.end(Outcome(failure=Failure(error, cause, self.node.id)))

    def end(self, outcome: Outcome) -> None:
        """Ends what the body still does; a failure goes to the body's handlers first."""
        self.cancel()
        if outcome.failure:
            here = (self.world, self.node.id, outcome.failure, self.names, self.place)
            self._handling = handle(*here, done=self._handled)
        if not self._handling:
            self._done(outcome)

    def _handled(self, part: Part, failure: Failure | None) -> None:
        self._done(Outcome(failure=failure, ended=part.ended))


class _Parallel(_BodyNode):
    """One iteration; its value is an object by branch id."""

    def begin(self) -> None:
        self.iterate(0, {}, self.place)

    def after(self, index: int, outcome: Outcome) -> None:
        self.end(outcome)

    def value(self, part: Part) -> Any:
        outputs = last_outputs(part)
        named = (self.node.parameters.get("branches") or {}).items()
        return {
            next((name for name, other in named if other in nodes), first): {
                node: output for node, output in outputs.items() if node in nodes
            }
            for first, nodes in self.world.plans.branches(self.node.id).items()
        }


class _While(_BodyNode):
    """One iteration after the other."""

    def begin(self) -> None:
        self._count = 0
        self._last: Any = None
        self._ask()
        if not self._count and not self.running:
            self.world.skip(self.node.id, self.place)

    def _ask(self) -> None:
        names = {self.node.id: self._last}
        try:
            holds = truth(self.node.parameters["condition"], {**self.names, **names, **self.world.variables})
        except EvaluationFailed as failed:
            self.fail(EXPRESSION_ERROR, str(failed))
            return
        if not holds:
            self.end(Outcome(output=self._last))
        elif self._count == self.node.parameters.get("max_iterations", DEFAULT_MAX_ITERATIONS):
            self.fail("TooManyIterations")
        else:
            self.iterate(self._count, names, Place((self._count, *self.place.iteration), self.place.items))

    def after(self, index: int, outcome: Outcome) -> None:
        if outcome.failure or outcome.ended:
            self.end(outcome)
            return
        self._count, self._last = self._count + 1, outcome.output
        self._ask()


class _ForEach(_BodyNode):
    """All items, as many at once as `concurrency` says."""

    def begin(self) -> None:
        try:
            items = fill(self.node.parameters["items"], {**self.names, **self.world.variables})
        except EvaluationFailed as failed:
            self.fail(EXPRESSION_ERROR, str(failed))
            return
        self._items = items if isinstance(items, list) else [] if items is None else [items]
        self._outcomes: dict[int, Outcome] = {}
        self._begun = 0
        if not self._items:
            self.world.skip(self.node.id, self.place)
            self.end(Outcome(output=self._output()))
        self._fill()

    def _fill(self) -> None:
        limit = self.node.parameters.get("concurrency") or len(self._items)
        while self._begun < len(self._items) and len(self.running) < limit:
            index = self._begun
            self._begun += 1
            place = Place((index, *self.place.iteration), (*self.place.items, index))
            self.iterate(index, {"item": self._items[index], "index": index}, place)

    def after(self, index: int, outcome: Outcome) -> None:
        self._outcomes[index] = outcome
        if outcome.ended or (outcome.failure and self._tolerated is None):
            self.end(outcome)
            return
        self._fill()
        if self.running:
            return
        failed = sum(one.failure is not None for one in self._outcomes.values())
        if failed > (self._tolerated or 0):
            self.fail("TooManyFailed")
        else:
            self.end(Outcome(output=self._output()))

    def _output(self) -> Any:
        by_item = sorted(self._outcomes.items())
        items = [one.output for _, one in by_item if not one.failure]
        failed = [{"error": one.failure.error, "index": index} for index, one in by_item if one.failure]
        return items if self._tolerated is None else {"items": items, "failed": failed}

    @property
    def _tolerated(self) -> float | None:
        """How many iterations may fail; None where the first one ends it all."""
        parameters = self.node.parameters
        if "tolerated_failure_percentage" in parameters:
            return float(parameters["tolerated_failure_percentage"]) * len(self._items) / 100
        return parameters.get("tolerated_failures")


_KINDS: Mapping[str, Callable[[World, Node, Names, Place, Done], Body]] = {
    "for_each": _ForEach,
    "while": _While,
    "parallel": _Parallel,
}
