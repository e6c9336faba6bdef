"""What a Choice asks for in vain is dropped, where no node asked for the Choice itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from translator.asl import Choice, ChoiceRule, Machine, Origin, Pass, State, States, Succeed
from translator.optimize.drop_rules import drop_rules

Rules = Sequence[tuple[str, str]]
HELPER = Origin("a", "join")
END = Succeed(Origin("", "join"))


def choice(rules: Rules, default: str = "otherwise", origin: Origin = HELPER) -> Choice:
    """A Choice of rules written as condition and target."""
    written = tuple(ChoiceRule(f"{{% {condition} %}}", target) for condition, target in rules)
    return Choice(origin, written, default)


def dropped(state: Choice) -> States:
    """What becomes of a scope that begins with a Pass before the Choice."""
    targets = {state.default or "", *(rule.next for rule in state.rules)}
    ends: dict[str, State] = dict.fromkeys(targets, END)
    states: dict[str, State] = {"first": Pass(Origin("a", "pass"), "asked"), "asked": state, **ends}
    return drop_rules(Machine("", States("first", states))).states


def rules_left(state: Choice) -> list[tuple[str, str]]:
    """The rules that the Choice still has."""
    left = dropped(state).states["asked"]
    assert isinstance(left, Choice)
    return [(rule.condition, rule.next) for rule in left.rules]


def test_a_rule_that_is_never_true_goes_with_what_only_it_leads_to() -> None:
    left = dropped(choice([("false", "x"), ("$f", "y")]))
    assert sorted(left.states) == ["asked", "first", "otherwise", "y"]


def test_a_loop_that_only_a_dropped_rule_leads_to_goes_too() -> None:
    loop: dict[str, State] = {"x": Pass(HELPER, "y"), "y": Pass(HELPER, "x")}
    states: dict[str, State] = {"asked": choice([("false", "x"), ("$f", "end")]), **loop, "otherwise": END}
    left = drop_rules(Machine("", States("asked", {**states, "end": END}))).states
    assert sorted(left.states) == ["asked", "end", "otherwise"]


def test_a_rule_that_is_always_true_is_the_default() -> None:
    left = dropped(choice([("$f", "x"), ("true", "y"), ("$g", "z")]))
    assert sorted(left.states) == ["asked", "first", "x", "y"]


def test_a_rule_that_asks_again_or_leads_where_the_rest_does_is_dropped() -> None:
    assert rules_left(choice([("$f", "x"), ("$f", "y"), ("$g", "otherwise")])) == [("{% $f %}", "x")]


def test_a_question_that_may_fail_is_still_asked() -> None:
    assert len(rules_left(choice([("$f", "x"), ("$number($g) > 1", "otherwise")]))) == 2


def test_a_rule_that_assigns_is_not_idle() -> None:
    state = choice([("$f", "x"), ("$g", "otherwise")])
    rules = (state.rules[0], replace(state.rules[1], assign={"g": 1}))
    assert len(rules_left(replace(state, rules=rules))) == 2


def test_without_rules_a_choice_goes_unless_it_has_something_to_assign() -> None:
    assert list(dropped(choice([("false", "x")])).states) == ["first", "otherwise"]
    left = dropped(replace(choice([("false", "x")]), assign={"g": 1})).states["asked"]
    assert isinstance(left, Pass)
    assert (left.next, left.assign) == ("otherwise", {"g": 1})


def test_the_choice_of_a_condition_stays_as_it_is() -> None:
    assert len(rules_left(choice([("false", "x"), ("$f", "otherwise")], origin=Origin("a", "choice")))) == 2
