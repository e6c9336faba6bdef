"""What a line of control sees, in the words of the definition: outputs, variables, `$trigger`, `$error`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.debugger.drive import Standing
from translator.debugger.event_details import own_names
from translator.debugger.program import Program
from translator.debugger.trace import Trace
from translator.interpreter import Child, MapRun
from translator.interpreter.engine import Engine
from translator.interpreter.frame import Frame
from translator.json_value import JsonValue
from translator.lower.values import CAUGHT, index_of, item_of
from translator.testing.mocks import message_of

SPECIAL: Final = ("trigger", "run", "error", "item", "index")
"""Names that are neither nodes nor variables."""


@dataclass(frozen=True)
class Values:
    """Reads the values at one point; `whole` puts back what a large value refers to."""

    program: Program
    trace: Trace
    standing: Standing
    whole: Callable[[JsonValue], JsonValue]
    at: str | None = None
    """The node at whose end the values are asked for; else they are those before the state."""

    @property
    def _frame(self) -> Frame:
        return self.standing.frame

    @property
    def node(self) -> str:
        """The node whose state the line stands before, empty where it is none's."""
        if self.at is not None:
            return self.at
        place = self.program.places.get(self.standing.state, {})
        return str(place.get("node", ""))

    def all(self, names: Collection[str] | None = None) -> dict[str, JsonValue]:
        """Every name that an expression may read here; what has not finished, or was skipped, is null.

        If `names` are given it is only those.
        """
        found: dict[str, JsonValue] = {**self.program.variables, **dict.fromkeys(self.program.nodes)}
        for frame in reversed(list(frames_around(self.standing))):
            found.update(self.trace.outputs.get(frame, {}))
        held = self.held
        found.update({name: held[variable] for variable, name in self._own(held)})
        found.update(self._special(needs_error=names is None or "error" in names))
        wanted = found if names is None else [name for name in found if name in names]
        return {name: self.whole(found[name]) for name in wanted if self._is_visible(name)}

    @property
    def held(self) -> Mapping[str, JsonValue]:
        """The machine's variables; before the first state of a distributed iteration what it was given."""
        given = self._frame.payload.value
        is_child = self._frame.parent is None and self.standing.engine is not self.standing.root
        if is_child and self.standing.is_at_start and isinstance(given, Mapping):
            return {**given, **self._frame.variables}
        return self._frame.variables

    def finished(self) -> dict[str, JsonValue]:
        """The nodes' outputs and the variables, without what is null because it has not finished."""
        values = self.all()
        has_ended = {run.node for run in self.trace.ended if run.status == "succeeded"}
        return {
            name: value
            for name, value in values.items()
            if name in self.program.variables or (name in has_ended and value is not None)
        }

    def _own(self, held: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
        known = self.program.nodes.keys() | self.program.variables.keys()
        return ((variable, name) for variable, name in own_names(held) if name in known)

    def _is_visible(self, name: str) -> bool:
        node = self.program.nodes.get(name)
        return node is None or node.parent is None or node.parent in (self.node, *self._bodies())

    def _bodies(self) -> tuple[str, ...]:
        return tuple(self.program.around(self.node))

    def _special(self, *, needs_error: bool) -> dict[str, JsonValue]:
        execution = self.standing.root.shared_context["Execution"]
        assert isinstance(execution, Mapping)
        given = execution.get("Input")
        assert isinstance(given, Mapping)
        run = given.get("run")
        told = run if isinstance(run, Mapping) else {}
        return {
            "trigger": given.get("trigger"),
            "run": {
                "id": execution.get("Name"),
                "workflow": self.program.definition.id,
                "version": told.get("version"),
                "started_at": execution.get("StartTime"),
            },
            "error": self._error() if needs_error else None,
            **self._of_iteration(),
        }

    def _error(self) -> JsonValue:
        """As the machine holds it, else the last failure of this line: what nothing reads is not held."""
        variable = self.variable_of("error")
        if variable is not None:
            return self._frame.variables[variable]
        around = set(frames_around(self.standing))
        for run in reversed(self.trace.ended):
            owner = run.frame.parent.owner if run.frame.parent is not None else run.frame
            if run.status == "failed" and (run.frame in around or owner in around):
                return {"error": run.error, "cause": message_of(run.cause), "node": run.node}
        return None

    def _of_iteration(self) -> dict[str, JsonValue]:
        body = self.program.iterating(self.node)
        if body is None:
            return {}
        held, given = self.held, self.iteration_given
        item = self._frame.map_item() or {}
        return {
            "item": held.get(item_of(body), given.get("item", item.get("Value"))),
            "index": held.get(index_of(body), given.get("index", item.get("Index"))),
        }

    @property
    def iteration_given(self) -> Mapping[str, JsonValue]:
        """Before the first state of an iteration, while no variable holds `$item` and `$index`: its input."""
        given = self._frame.payload.value
        is_given = (
            self.standing.is_at_start and isinstance(given, Mapping) and {"item", "index"} <= given.keys()
        )
        return given if is_given and isinstance(given, Mapping) else {}

    def variable_of(self, name: str) -> str | None:
        """The machine's variable that holds a name's value here, None if none does."""
        if name == "error":
            caught = [each for each in sorted(self._frame.variables) if each.startswith(CAUGHT)]
            return caught[-1] if caught else None
        body = self.program.iterating(self.node)
        if name in ("item", "index") and body is not None:
            variable = item_of(body) if name == "item" else index_of(body)
            return variable if variable in self._frame.variables else None
        own = list(self._own(self._frame.variables))
        return next((variable for variable, known in reversed(own) if known == name), None)


def frames_around(standing: Standing) -> Iterator[Frame]:
    """A line's own frame and those around it, innermost first, also around a distributed iteration."""
    engine, frame = standing.engine, standing.frame
    while True:
        yield frame
        if frame.parent is not None:
            frame = frame.parent.owner
            continue
        started = starter(standing.root, engine)
        if started is None:
            return
        engine, frame = started[0].engine, started[0].owner


def starter(root: Engine, engine: Engine) -> tuple[MapRun, Child] | None:
    """The Map Run that started an execution, and what it is there; None of the run itself."""
    pending = list(root.map_runs)
    while pending:
        run = pending.pop()
        for child in run.children:
            if child.engine is engine:
                return run, child
            pending += child.map_runs
    return None


def lines(root: Engine) -> Iterator[Standing]:
    """All lines of control that are open, each where it stands; those around others are left out."""
    pending = [(root, root.root)]
    while pending:
        engine, frame = pending.pop(0)
        inner = frame.fork
        if inner is None:
            if frame.open:
                yield Standing(root, engine, frame)
        elif isinstance(inner, MapRun):
            pending += [(child.engine, child.engine.root) for child in inner.children]
        else:
            pending += [(engine, each) for each in inner.running()]
