"""Edits of values at a point: the run goes on from there as if they had always been so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.debugger.drive import Standing
from translator.debugger.errors import EditError, UnknownNameError, meant
from translator.debugger.program import Program
from translator.debugger.values import SPECIAL, Values
from translator.interpreter.fork import Fork
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload
from translator.json_value import JsonValue

_TARGET: Final = re.compile(r"\$?(?P<name>[A-Za-z_]\w*)(?P<path>(?:\.[A-Za-z_]\w*|\.`[^`]+`|\[\d+\])*)")
_STEP: Final = re.compile(r"\.(?P<field>[A-Za-z_]\w*)|\.`(?P<quoted>[^`]+)`|\[(?P<index>\d+)\]")
READ_ONLY: Final = frozenset({"run"})


@dataclass(frozen=True, slots=True)
class Target:
    """What is set: a name and the fields (text) and places in arrays (number) below it."""

    name: str
    path: tuple[str | int, ...] = ()

    def to_text(self) -> str:
        """As an expression names it."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"${self.name}{''.join(steps)}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, made while the run stood at the point."""

    point: int
    target: Target
    value: JsonValue
    """The whole value of the target's name, with what is set in it."""


def target_of(text: str, program: Program) -> Target:
    """The target that `$charge.body.id` or `threshold` names; raises EditError, UnknownNameError."""
    match = _TARGET.fullmatch(text.strip())
    if match is None:
        raise EditError(f'"{text.strip()}" cannot be set', "name a node or variable, such as $charge.body.id")
    name = match["name"]
    known = {*program.nodes, *program.variables, *SPECIAL}
    if name not in known:
        raise UnknownNameError(f'there is no node or variable "{name}"', meant(name, sorted(known)))
    if name in READ_ONLY:
        raise EditError(f'"${name}" tells what the run is and cannot be set', "set $trigger or a variable")
    steps = (
        int(step["index"]) if step["index"] else step["field"] or step["quoted"]
        for step in _STEP.finditer(match["path"])
    )
    return Target(name, tuple(steps))


def with_value(whole: JsonValue, path: tuple[str | int, ...], value: JsonValue) -> JsonValue:
    """A value in which that below the path is another one; raises EditError where there is no such place."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not isinstance(whole, list) or step >= len(whole):
            raise EditError(f"there is no place [{step}] in it", "set the whole array")
        return [*whole[:step], with_value(whole[step], rest, value), *whole[step + 1 :]]
    if whole is not None and not isinstance(whole, Mapping):
        raise EditError(f'a field "{step}" cannot be set in what is no object', "set the whole value")
    fields = dict(whole or {})
    fields[step] = with_value(fields.get(step), rest, value)
    return fields


def apply(edit: Edit, values: Values) -> None:
    """Makes the edit on the run as it stands; raises EditError where nothing would read it."""
    name = edit.target.name
    if name == "trigger":
        _set_trigger(values.standing, edit.value)
        return
    frame = values.standing.frame
    given = values.iteration_given
    if name in given and name in ("item", "index"):
        frame.payload = Payload({**given, name: edit.value})
        return
    variable = values.variable_of(name)
    if variable is None:
        raise _not_held(name, values)
    frame = _outermost(values.standing, variable)
    for each in (frame, *_below(frame)):
        if variable in each.variables:
            each.assign({variable: edit.value})
    if name in values.program.nodes:
        values.trace.outputs.setdefault(values.standing.frame, {})[name] = edit.value


def _not_held(name: str, values: Values) -> EditError:
    program = values.program
    if name in program.variables:
        return EditError(
            f'variable "{name}" has no value yet, or nothing that comes reads it',
            f"step on first, or begin with another value: --variable {name}=…",
        )
    if name in SPECIAL:
        return EditError(f'there is no "${name}" at this point', "step to where it can be read")
    has_ended = any(run.node == name and run.status == "succeeded" for run in values.trace.ended)
    if has_ended:
        return EditError(
            f'nothing that comes reads the output of "{name}" from here', "set what the nodes that come read"
        )
    return EditError(f'"{name}" has not finished here, so it has no output to set', f"pin {name} = …")


def _set_trigger(standing: Standing, value: JsonValue) -> None:
    if standing.engine is not standing.root:
        raise EditError(
            "each distributed iteration was given `$trigger` as it began",
            "back to before the for_each, set it there",
        )
    execution = standing.engine.shared_context["Execution"]
    assert isinstance(execution, Mapping)
    given = execution.get("Input")
    assert isinstance(given, Mapping)
    changed = {**execution, "Input": {**given, "trigger": value}}
    standing.engine.shared_context = {**standing.engine.shared_context, "Execution": changed}


def _outermost(standing: Standing, variable: str) -> Frame:
    """The outermost line of control that has the variable: scopes further in only read it."""
    frame = standing.frame
    while frame.parent is not None and variable in frame.parent.owner.variables:
        frame = frame.parent.owner
    return frame


def _below(frame: Frame) -> Iterator[Frame]:
    fork = frame.fork
    if not isinstance(fork, Fork):
        return
    for inner in fork.running():
        yield inner
        yield from _below(inner)
