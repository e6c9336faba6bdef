"""Executions that each do some rounds of a loop (AWS: Step Functions, continuing as a new execution)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.asl import Choice, ChoiceRule, Fail, Origin, Pass, State, Succeed
from translator.lower.draft import expression

TURN: Final = "part__turn"
"""The variable that counts how often an execution has come to its loop's first state."""
_ORIGIN: Final = Origin("", "part")


def again(rounds: int, entry: str, enough: str) -> Choice:
    """Asked before every round but the first: on to the entry, or `enough` for one execution."""
    count = {TURN: expression(f"${TURN} + 1")}
    return Choice(_ORIGIN, (ChoiceRule(expression(f"${TURN} < {rounds}"), entry, count),), enough)


def going_to(state: State, ended: str | None) -> State:
    """The state with its scope's end, if it is one, replaced by another state."""
    if ended is None or isinstance(state, (Fail, Choice)):
        return state
    if isinstance(state, Succeed):
        return Pass(state.origin, ended, output=state.output, has_output=state.has_output)
    return replace(state, next=ended) if state.next is None else state
