"""What a line of control sees, in the words of the definition: outputs, variables, `$trigger`, `$error`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.debugger.drive import Standing
from translator.debugger.program import Program
from translator.debugger.trace import Trace, own_names
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

    def all(self) -> dict[str, JsonValue]:
        """Every name that an expression may read here; what has not finished, or was skipped, is null."""
        found: dict[str, JsonValue] = {**self.program.variables, **dict.fromkeys(self.program.nodes)}
        for frame in reversed(list(frames_around(self.standing))):
            found.update(self.trace.outputs.get(frame, {}))
        found.update({name: self._frame.variables[variable] for variable, name in self._held()})
        found.update(self._special())
        return {name: self.whole(value) for name, value in found.items() if self._is_visible(name)}

    def finished(self) -> dict[str, JsonValue]:
        """The nodes' outputs and the variables, without what is null because it has not finished."""
        values = self.all()
        has_ended = {run.node for run in self.trace.ended if run.status == "succeeded"}
        return {
            name: value
            for name, value in values.items()
            if name in self.program.variables or (name in has_ended and value is not None)
        }

    def _held(self) -> Iterator[tuple[str, str]]:
        known = self.program.nodes.keys() | self.program.variables.keys()
        return ((variable, name) for variable, name in own_names(self._frame.variables) if name in known)

    def _is_visible(self, name: str) -> bool:
        node = self.program.nodes.get(name)
        return node is None or node.parent is None or node.parent in (self.node, *self._bodies())

    def _bodies(self) -> tuple[str, ...]:
        return tuple(self.program.around(self.node))

    def _special(self) -> dict[str, JsonValue]:
        execution = self.standing.engine.shared_context["Execution"]
        assert isinstance(execution, Mapping)
        given = root_input(self.standing)
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
            "error": self._error(),
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
        item = self._frame.map_item() or {}
        variables = self._frame.variables
        return {
            "item": variables.get(item_of(body), item.get("Value")),
            "index": variables.get(index_of(body), item.get("Index")),
        }

    def variable_of(self, name: str) -> str | None:
        """The machine's variable that holds a name's value here, None if none does."""
        if name == "error":
            caught = [each for each in sorted(self._frame.variables) if each.startswith(CAUGHT)]
            return caught[-1] if caught else None
        body = self.program.iterating(self.node)
        if name in ("item", "index") and body is not None:
            variable = item_of(body) if name == "item" else index_of(body)
            return variable if variable in self._frame.variables else None
        return next((variable for variable, own in reversed(list(self._held())) if own == name), None)


def root_input(standing: Standing) -> Mapping[str, JsonValue]:
    """The input of the execution that the line belongs to."""
    execution = standing.engine.shared_context["Execution"]
    given = execution.get("Input") if isinstance(execution, Mapping) else None
    return given if isinstance(given, Mapping) else {}


def frames_around(standing: Standing) -> Iterator[Frame]:
    """A line's own frame and those around it, innermost first."""
    frame: Frame | None = standing.frame
    while frame is not None:
        yield frame
        frame = frame.parent.owner if frame.parent is not None else None


def lines(root: Engine) -> Iterator[Standing]:
    """All lines of control that are open, each where it stands; those around others are left out."""
    pending = [(root, root.root)]
    while pending:
        engine, frame = pending.pop(0)
        inner = frame.fork
        if inner is None:
            if frame.open:
                yield Standing(engine, frame)
        elif hasattr(inner, "children"):
            pending += [(child.engine, child.engine.root) for child in inner.children]
        else:
            pending += [(engine, each) for each in inner.running()]
