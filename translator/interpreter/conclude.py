"""The end of every state that goes on: Assign and Output, both on the values from the state's entry."""

from __future__ import annotations

from collections.abc import Mapping

from translator.interpreter.engine import Engine, too_large
from translator.interpreter.frame import Frame
from translator.interpreter.payload import Payload, exceeds_limit
from translator.interpreter.quota import hold
from translator.interpreter.states import Catcher, Rule, State
from translator.json_value import JsonValue


def conclude(
    engine: Engine,
    frame: Frame,
    part: State | Rule | Catcher,
    default: Payload,
    scope: Mapping[str, JsonValue] | None,
) -> bool:
    """Leave the state as `part` says (the state itself, the Choice's rule, or the Catch that was met).

    `default` is the output where there is no `Output`; `scope` is needed only if `part` has templates.
    """
    state = frame.state
    output, assigned = default, None
    if part.output is not None:
        assert scope is not None
        output = engine.render_payload(part.output, scope, state)
    if part.assign is not None:
        assert scope is not None
        assigned = engine.render_variables(part.assign, scope)
        if not hold(engine, frame, assigned):
            raise too_large(state.name)
    return engine.leave(frame, state, output, assigned, part.next)


def conclude_fork(engine: Engine, frame: Frame, value: JsonValue) -> bool:
    """Leave a Parallel or Map whose parts have all ended with the result `value`."""
    state, result = frame.state, Payload(value)
    if exceeds_limit(result.text):
        raise too_large(state.name)
    engine.write(f"{state.kind}StateSucceeded", frame.previous)
    templates = state.output is not None or state.assign is not None
    scope = engine.scope(frame, state, result=result.value) if templates else None
    return conclude(engine, frame, state, result, scope)
