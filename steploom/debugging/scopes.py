"""The way from the run to a line of control: branches, iterations, loops, handlers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from steploom.debugging.console import Console
from steploom.debugging.words import before, told
from translator.debugger.drive import Standing
from translator.debugger.values import frames_around
from translator.interpreter.frame import Frame
from translator.json_value import JsonValue
from translator.lower.values import item_of


def scopes(console: Console, standing: Standing) -> list[str]:
    """One phrase a scope, outermost first; the last says where in it the line stands."""
    debugger = console.debugger
    frames = list(frames_around(standing))[::-1]
    found = [f"run {debugger.execution.name}"]
    for frame in frames:
        if frame.parent is not None:
            found += _entered(console, frame)
        else:
            found += _started(console, frame)
        following = _node_in(console, frame)
        found += _repeating(console, frame, following)
    found += _handling(console, standing)
    return [*found, before(debugger, standing)]


def _item(frame: Frame, node: str) -> JsonValue:
    """The item as it is now: it may have been set."""
    assert frame.item is not None
    given = frame.payload.value if not frame.entered_id and frame.state.name == frame.scope.start else None
    first = given.get("item") if isinstance(given, Mapping) else None
    return frame.variables.get(item_of(node), first or frame.item.get("Value"))


def _started(console: Console, frame: Frame) -> Iterator[str]:
    """Of the first frame of a distributed iteration: which one it is."""
    for run in console.debugger.execution.map_runs:
        for child in run.children:
            if child.engine.root is frame:
                node = console.debugger.program.places.get(run.owner.state.name, {}).get("node", "")
                what = (
                    f"item {child.index}" if child.size == 1 else f"batch {child.index} ({child.size} items)"
                )
                yield f"{what} of {node}, an execution of its own"


def _node_in(console: Console, frame: Frame) -> str:
    return str(console.debugger.program.places.get(frame.state.name, {}).get("node", ""))


def _entered(console: Console, frame: Frame) -> Iterator[str]:
    assert frame.parent is not None
    owner = frame.parent.owner.state.name
    place = console.debugger.program.places.get(owner, {})
    node, role = place.get("node", ""), place.get("role")
    if role == "guard":
        return
    if role == "body" and frame.item is not None:
        yield f"item {frame.index} of {node}: {told(_item(frame, node))}"
    else:
        of = node if role == "body" else f'"{owner}"'
        yield f"branch {frame.index + 1} of {len(frame.parent.results)} of {of}"


def _repeating(console: Console, frame: Frame, node: str) -> Iterator[str]:
    """The iterations of a `while` and of loops, as far as the machine counts them."""
    program = console.debugger.program
    held = frame.parent.owner.variables if frame.parent is not None else {}
    for variable, count in frame.variables.items():
        if variable in held or not isinstance(count, int):
            continue
        header, _, rest = variable.partition("__")
        if rest.startswith("body__round") and header in program.around(node):
            yield f"iteration {count - 1} of {header}"
        elif rest.startswith("round") and node in console.loops.get(header, ()):
            yield f"iteration {count} of the loop that begins with {header}"


def _handling(console: Console, standing: Standing) -> Iterator[str]:
    program = console.debugger.program
    node = _node_in(console, standing.frame)
    for handler in program.definition.error_handlers:
        if node in _reached(console, handler.node):
            of = f"of {handler.of}" if handler.of else "of the workflow"
            yield f"error handler {handler.node} {of}"
            return


def _reached(console: Console, node: str) -> set[str]:
    """A handler's node and what it leads to."""
    found, pending = set[str](), [node]
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += [edge.to for edge in console.debugger.program.edges.get(each, ())]
    return found
