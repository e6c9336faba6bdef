"""Cycles of a scope, and where they are entered."""

from __future__ import annotations

from translator.asl import Choice, ChoiceRule, Origin, Pass, State, States
from translator.forecast.cycles import level_of


def _choice(*targets: str) -> Choice:
    *ruled, default = targets
    rules = tuple(ChoiceRule("{% true %}", target) for target in ruled)
    return Choice(Origin("node", "choice"), rules, default)


def _pass(target: str | None) -> Pass:
    return Pass(Origin("node", "pass"), target)


def test_an_inner_cycle_is_entered_where_the_outer_one_is_entered_into_it() -> None:
    states: dict[str, State] = {
        "Start": _choice("Outer", "Deep"),
        "Outer": _pass("Inner"),
        "Inner": _pass("Deep"),
        "Deep": _choice("Inner", "Outer", "End"),
        "End": _pass(None),
    }
    (outer, inner) = level_of(States("Start", states), lambda header: f"rounds of {header}").cycles
    assert set(outer.entries) == {"Outer", "Deep"}
    assert set(inner.entries) == {"Inner", "Deep"}
