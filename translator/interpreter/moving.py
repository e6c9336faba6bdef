"""The states that need nobody outside: Pass, Choice, Wait, Succeed and Fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from translator.interpreter.conclude import conclude
from translator.interpreter.engine import Engine
from translator.interpreter.failure import QueryFailure, StateFailure
from translator.interpreter.frame import Frame
from translator.interpreter.moment import parse_moment
from translator.interpreter.states import ChoiceState, FailState, PassState, Rule, SucceedState, WaitState
from translator.interpreter.template import Template
from translator.interpreter.value import boolean, text, whole_number
from translator.json_value import JsonValue


def visit_pass(engine: Engine, frame: Frame) -> bool:
    """Pass and Succeed: enter, and leave with Output and Assign."""
    state = cast("PassState | SucceedState", frame.state)
    engine.enter(frame, state)
    return _leave(engine, frame)


def visit_fail(engine: Engine, frame: Frame) -> bool:
    """Fail: enter, and fail."""
    state = cast("FailState", frame.state)
    engine.enter(frame, state)
    scope = engine.scope(frame, state)
    raise StateFailure(_text(engine, state.error, scope), _text(engine, state.cause, scope))


def _text(engine: Engine, template: Template | None, scope: Mapping[str, JsonValue]) -> str | None:
    return None if template is None else text(template, engine.render(template, scope))


def visit_choice(engine: Engine, frame: Frame) -> bool:
    """Choice: leave by the first rule whose condition is true, else by the default."""
    state = cast("ChoiceState", frame.state)
    engine.enter(frame, state)
    scope = engine.scope(frame, state)
    rule = next((rule for rule in state.rules if _holds(engine, rule, scope)), None)
    if rule is not None:
        return conclude(engine, frame, rule, frame.payload, scope)
    if state.default is None:
        raise StateFailure(
            "States.NoChoiceMatched",
            f"An error occurred while executing the state '{state.name}' (entered at the event id "
            f"#{frame.entered_id}). Failed to transition out of the state. The state does not point to a "
            "next state.",
        )
    return conclude(
        engine, frame, Rule(_ALWAYS, state.default, state.output, state.assign), frame.payload, scope
    )


_ALWAYS = Template("Default", lambda _scope, _ambient: True, constant=True, needs_context=False)


def _holds(engine: Engine, rule: Rule, scope: Mapping[str, JsonValue]) -> bool:
    return boolean(rule.condition, engine.render(rule.condition, scope))


def visit_wait(engine: Engine, frame: Frame) -> bool:
    """Wait: come back when the time has passed."""
    state = cast("WaitState", frame.state)
    engine.enter(frame, state)
    scope = engine.scope(frame, state)
    if state.seconds is not None:
        due = engine.now + whole_number(state.seconds, engine.render(state.seconds, scope))
    else:
        assert state.timestamp is not None
        due = _moment(state.timestamp, engine.render(state.timestamp, scope))
    engine.wake_at(max(due, engine.now), frame, _leave)
    return False


def _moment(template: Template, value: JsonValue) -> float:
    given = text(template, value)
    moment = parse_moment(given)
    if moment is None:
        raise QueryFailure(
            f"The field '{template.location}' does not hold a valid ISO-8601 extended offset date-time "
            f"format string: {given}",
            template.location,
        )
    return moment.timestamp()


def _leave(engine: Engine, frame: Frame) -> bool:
    state = frame.state
    templates = state.output is not None or state.assign is not None
    return conclude(engine, frame, state, frame.payload, engine.scope(frame, state) if templates else None)
