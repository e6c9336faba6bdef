"""Gives every variable one name per scope and writes the typed states.

The service refuses a name that an enclosing scope assigns too (AWS: Step Functions variables, scope), so a
variable is called by its own name in the outermost scope that assigns it and `__1`, `__2`, … further in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.lower.draft import END, Draft, DraftScope, Transition, expression, reads, renamed
from translator.lower.liveness import Liveness
from translator.lower.presence import At, Presence, Tracing
from translator.lower.substitution import literal, substituted
from translator.lower.values import RUN_NAMES, first_value, index_of, item_of


@dataclass
class Placed:
    """A scope with what is known of its variables; `parent` is the scope and the Parallel around it."""

    scope: DraftScope
    liveness: Liveness
    defaults: Mapping[str, JsonValue]
    """The value of each variable before anything assigned it; false of a flag, null of all others."""
    outputs: Mapping[int, JsonValue]
    """Of the top scope: the run's output by ending transition."""
    parent: tuple[Placed, Draft] | None = None
    assigned: frozenset[str] = frozenset()
    tracing: Tracing = field(default_factory=Tracing)
    entry: Mapping[str, At] = field(default_factory=dict)
    starting: frozenset[str] = frozenset()
    """The variables that get their first value at the scope's start."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """By variable what stands for it in the scope's first state: what the scope's input holds of it."""

    @property
    def exports(self) -> frozenset[str]:
        """What a branch hands out when it ends."""
        return self.liveness.exports.get(id(self.scope), frozenset())

    def output_reads(self, transition: Transition) -> frozenset[str]:
        """What the scope's output reads where this transition ends it."""
        return self.exports | reads(self.outputs.get(id(transition)))

    def name(self, variable: str) -> str:
        """The variable's name in this scope."""
        depth, above = 0, self.parent
        while above is not None:
            depth += variable in above[0].assigned
            above = above[0].parent
        return f"{variable}__{depth}" if depth else variable

    def text(self, variable: str, state: str) -> str:
        """The expression that reads a variable in a state of this scope, before its transitions."""
        presence = self.tracing.presence(self.entry[state], variable)
        if variable in self.assigned and presence != Presence.NO:
            return f"${self.name(variable)}"
        return self.first_text(variable)

    def first_text(self, variable: str) -> str:
        """The expression for the value that a variable has before this scope gives it one."""
        if variable in self.inputs:
            return self.inputs[variable]
        if self.parent is not None:
            outer, around = self.parent
            return outer.text(variable, around.key)
        if variable in RUN_NAMES:
            return RUN_NAMES[variable]
        return json.dumps(self.default(variable))

    def default(self, variable: str) -> JsonValue:
        """The value before any assignment."""
        if variable in self.defaults:
            return self.defaults[variable]
        return first_value(variable)


def place(
    scope: DraftScope,
    liveness: Liveness,
    defaults: Mapping[str, JsonValue],
    outputs: Mapping[int, JsonValue],
    parent: tuple[Placed, Draft] | None = None,
) -> Placed:
    """Decides about the variables of one scope."""
    placed = Placed(scope, liveness, defaults, outputs, parent, tracing=Tracing(numbering=liveness.numbering))
    placed.inputs = _inputs(placed)
    placed.assigned = _assigned(placed)
    placed.entry = placed.tracing.on_entry(scope)
    placed.starting = _starting(placed)
    placed.assigned |= placed.starting
    given = placed.tracing.sure(placed.starting)
    if given.some:
        placed.entry = {
            key: at.given(given) if key != scope.start else at for key, at in placed.entry.items()
        }
    return placed


def _inputs(placed: Placed) -> Mapping[str, str]:
    if placed.parent is None:
        return {}
    outer, around = placed.parent
    if around.kind == "map":
        return {name: f"$states.input.{field}" for name, (field, _) in selected(outer, around).items()}
    return outer.inputs if around.key == outer.scope.start else {}


def selected(outer: Placed, draft: Draft) -> Mapping[str, tuple[str, str]]:
    """By variable that the input of a Map's iterations holds: its field there, and its text outside.

    The item and its index if they are read, what the scope around has only in its own input so far, and
    all that child executions read, because they see no variable around them.
    """
    assert draft.body is not None
    (scope,) = draft.branches
    body = draft.body.iterating or ""
    wanted = outer.liveness.numbering.names(outer.liveness.on_entry[id(scope)][scope.start])
    found: dict[str, tuple[str, str]] = {}
    if item_of(body) in wanted:
        found[item_of(body)] = ("item", "$states.context.Map.Item.Value")
    if index_of(body) in wanted:
        found[index_of(body)] = ("index", "$states.context.Map.Item.Index")
    for name in sorted(wanted - found.keys()):
        text = outer.text(name, draft.key)
        is_apart = draft.body.distributed is not None and source_of(literal(text)) is not None
        if is_apart or text.startswith("$states.input"):
            found[name] = (name, text)
    return found


def _assigned(placed: Placed) -> frozenset[str]:
    names: set[str] = set()
    for draft in placed.scope.states.values():
        for transition in draft.transitions():
            names |= transition.assigned
    return frozenset(names)


def _starting(placed: Placed) -> frozenset[str]:
    """Variables that are read where only some ways have given them a value, and those declared with one."""
    live, numbering = placed.liveness.on_entry[id(placed.scope)], placed.liveness.numbering
    is_top = placed.parent is None
    declared = numbering.bits(name for name, value in placed.defaults.items() if is_top and value is not None)
    handed_in = numbering.bits(placed.inputs)
    found = 0
    for key, draft in placed.scope.states.items():
        if key != placed.scope.start:
            at = placed.entry[key]
            wanted = live[key] | numbering.bits(_read_at_end(placed, draft))
            found |= wanted & (declared | (at.some | handed_in) & ~at.every)
    return numbering.names(found)


def _read_at_end(placed: Placed, draft: Draft) -> frozenset[str]:
    ends = [transition for transition in draft.transitions() if transition.target == END]
    return frozenset().union(*(placed.output_reads(end) - end.assigned for end in ends))


@dataclass(frozen=True)
class Written:
    """A transition in the service's terms."""

    target: str
    assign: Mapping[str, JsonValue]
    output: JsonValue
    has_output: bool


def before_names(placed: Placed, key: str, value: JsonValue) -> dict[str, str]:
    """The text of every variable that a value reads on entry of a state, where it differs."""
    texts = {name: placed.text(name, key) for name in reads(value)}
    return {name: text for name, text in texts.items() if text != f"${name}"}


def written(placed: Placed, draft: Draft, transition: Transition) -> Written:
    """One transition with its names placed; one that ends the scope carries the scope's output."""
    key = draft.key
    fresh = {
        name: renamed(value, before_names(placed, key, value)) for name, value in transition.assign.items()
    }
    starting: dict[str, JsonValue] = {}
    if key == placed.scope.start:
        starting = {
            name: literal(placed.first_text(name)) for name in sorted(placed.starting - transition.assigned)
        }
    known = {**starting, **fresh}
    fresh.update({name: _behind(placed, key, value, known) for name, value in transition.then.items()})
    if transition.target != END:
        named = {placed.name(name): value for name, value in {**starting, **fresh}.items()}
        assign = {name: value for name, value in named.items() if value != expression(f"${name}")}
        return Written(transition.target, assign, None, has_output=False)
    kept = {
        placed.name(name): value for name, value in fresh.items() if _is_worth_seeing(draft, name, transition)
    }
    known.update(fresh)
    return Written(END, kept, _scope_output(placed, draft, transition, known), has_output=True)


def _is_worth_seeing(draft: Draft, name: str, transition: Transition) -> bool:
    return draft.kind == "pass" and name in transition.assign


def _scope_output(
    placed: Placed, draft: Draft, transition: Transition, known: Mapping[str, JsonValue]
) -> JsonValue:
    body = None if placed.parent is None else placed.parent[1].body
    if placed.parent is None or (body is not None and not body.is_boxed):
        return _behind(placed, draft.key, placed.outputs.get(id(transition)), known)
    handed = {
        name: _behind(placed, draft.key, expression(f"${name}"), known) for name in sorted(placed.exports)
    }
    if body is None:
        return handed
    return {"result__": _behind(placed, draft.key, placed.outputs.get(id(transition)), known), **handed}


def _behind(placed: Placed, key: str, value: JsonValue, known: Mapping[str, JsonValue]) -> JsonValue:
    """A value as it reads after a transition whose own new values are `known`."""
    return substituted(value, known, before_names(placed, key, value))
