"""Lets several ways end a scope by one Succeed, each with an output of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.asl import Pass, Succeed
from translator.lower.draft import expression
from translator.lower.substitution import substituted
from translator.optimize.reading import is_repeatable
from translator.optimize.scope import Scope
from translator.optimize.ways import ways_of, with_ways

_OUTPUT: Final = "end__output"


def ending_elsewhere(scope: Scope, state: Pass) -> Pass | None:
    """A Pass that ends its scope, leading to the scope's Succeed instead; None if there is none."""
    end = _end(scope)
    if end is None or not state.has_output:
        return None
    assign = {**state.assign, _variable(scope): state.output}
    return replace(state, next=end, assign=assign, output=None, has_output=False)


def share_end(scope: Scope) -> None:
    """Lets every way to the scope's Succeed bring the output along."""
    end, variable = _end(scope), _variable(scope)
    assert end is not None
    state = scope.states[end]
    assert isinstance(state, Succeed)
    if state.output == expression(f"${variable}"):
        return
    for key in dict.fromkeys(scope.leading[end]):
        leading = scope.states[key]
        ways = [
            replace(way, assign={**way.assign, variable: substituted(state.output, way.assign)})
            if way.target == end
            else way
            for way in ways_of(leading)
        ]
        scope.put(key, with_ways(leading, ways))
    scope.put(end, replace(state, output=expression(f"${variable}")))


def _end(scope: Scope) -> str | None:
    """The Succeed that no node asked for, if what leads there can give its output."""
    for key, state in scope.states.items():
        is_added = isinstance(state, Succeed) and state.origin.role == "join" and state.has_output
        if is_added and key != scope.start:
            ways = (way for each in scope.leading[key] for way in ways_of(scope.states[each]))
            return key if all(is_repeatable(dict(way.assign)) for way in ways) else None
    return None


def _variable(scope: Scope) -> str:
    """The variable that carries the output; inner scopes may not assign a name of an outer one."""
    return f"{_OUTPUT}__{scope.depth}" if scope.depth else _OUTPUT
