"""Takes out of a Choice that no node asked for what makes no difference; without rules it goes too."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.asl import Choice, ChoiceRule, Machine, Origin, Pass
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of
from translator.lower.draft import expression
from translator.optimize.scope import Scope, in_every_scope

_ADDED: Final = frozenset({"entry", "join", "when"})
_TRUE: Final = expression("true")
_FALSE: Final = expression("false")


def drop_rules(machine: Machine) -> Machine:
    """The machine without rules that are never or always true, that ask again, or that decide nothing."""
    return in_every_scope(machine, _drop_in)


def _drop_in(scope: Scope) -> None:
    for key in list(scope.states):
        state = scope.states[key]
        if isinstance(state, Choice) and state.origin.role in _ADDED and state.default is not None:
            left = _without_idle(_until_certain(state))
            if left != state:
                _put(scope, key, left)
    scope.drop_unreached()


def _until_certain(choice: Choice) -> Choice:
    """Without rules that are false, or that ask what was asked before; what is true is the Default."""
    rules: list[ChoiceRule] = []
    seen = {_FALSE}
    for rule in choice.rules:
        if rule.condition == _TRUE:
            return replace(choice, rules=tuple(rules), default=rule.next, assign=rule.assign)
        if rule.condition not in seen:
            rules.append(rule)
            seen.add(rule.condition)
    return replace(choice, rules=tuple(rules))


def _without_idle(choice: Choice) -> Choice:
    """Without last rules that lead where the Default does, if asking cannot fail."""
    rules = list(choice.rules)
    while rules and (rules[-1].next, rules[-1].assign) == (choice.default, choice.assign):
        if source_may_fail(source_of(rules[-1].condition) or ""):
            break
        rules.pop()
    return replace(choice, rules=tuple(rules))


def _put(scope: Scope, key: str, choice: Choice) -> None:
    if choice.rules:
        scope.put(key, choice)
        return
    assert choice.default is not None
    is_idle = not choice.assign and choice.origin == Origin(choice.origin.node, choice.origin.role)
    if is_idle:
        scope.lead_past(key, choice.default)
    else:
        scope.put(key, Pass(choice.origin, choice.default, choice.assign))
