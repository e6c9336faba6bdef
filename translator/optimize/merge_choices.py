"""Merges a Choice into the only Choice that leads to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from translator.asl import Assigns, Choice, ChoiceRule, Machine, Origin
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.lower.draft import expression
from translator.lower.substitution import substituted
from translator.optimize.drop_unread import is_output
from translator.optimize.failing import may_fail_leaving
from translator.optimize.reading import is_repeatable, reads_variables, size_of
from translator.optimize.scope import Scope, in_every_scope
from translator.optimize.ways import all_assigned

_ADDED = frozenset({"entry", "join", "when"})
"""Roles of states that no node asked for."""
_TIGHT = frozenset({"literal", "variable", "path", "call", "operator", "block"})
"""Kinds of expressions that stand beside `and` without brackets, but for `or`."""
_LONGEST = 2_000
"""Characters of all that a Choice evaluates, beyond which nothing is merged into it."""


def merge_choices(machine: Machine, *, also_conditions: bool = False) -> Machine:
    """The machine with every such pair made one, of conditions (nodes) only if asked for; order is kept."""
    return in_every_scope(machine, partial(_merge_in, also_conditions))


def _merge_in(also_conditions: bool, scope: Scope) -> None:
    # A condition taken in has no ports any more, so the first of a chain takes in all that follow.
    pending = deque(scope.states)
    while pending:
        key = pending.popleft()
        first = scope.states.get(key)
        merged = _merged(scope, first, also_conditions) if isinstance(first, Choice) else None
        if merged is not None:
            second, joined = merged
            scope.put(key, joined)
            scope.drop(second)
            pending.appendleft(key)


def _merged(scope: Scope, first: Choice, also_conditions: bool) -> tuple[str, Choice] | None:
    """The key of a Choice that the first one can take in, and what becomes of the first one then."""
    for key in dict.fromkeys([first.default, *(rule.next for rule in first.rules)]):
        second = None if key is None else scope.states[key]
        if key is None or not isinstance(second, Choice) or not scope.is_reached_once(key):
            continue
        if second.origin.role not in _ADDED and not (also_conditions and _has_ports(second)):
            continue
        joined = _joined(first, key, second)
        if joined is not None and size_of(joined) <= max(_LONGEST, size_of(first)):
            return key, joined
    return None


def _has_ports(choice: Choice) -> bool:
    """Whether every way takes a port of the node, so that none is a failure."""
    return choice.port is not None and all(rule.port is not None for rule in choice.rules)


def _joined(first: Choice, key: str, second: Choice) -> Choice | None:
    """None where a history could not tell any more what happened, or an expression would be asked twice."""
    if first.default == key:
        taken: Assigns = first.assign
    else:
        taken = next(rule.assign for rule in first.rules if rule.next == key)
    asked = reads_variables(second) & taken.keys()
    second = _with_ports(second)
    shown = _nodes(second.origin)
    others = [name for name in all_assigned(first) if any(is_output(name, node) for node in shown)]
    done = any(is_output(name, node) for name in taken for node in first.origin.after)
    # Which of the two failed could not be told, and so not whether nodes on the way between them ran.
    behind = _behind(second, taken)
    is_blurred = (done or bool(shown)) and (_may_ask_in_vain(behind) or may_fail_leaving(second))
    if others or is_blurred or not all(is_repeatable(taken[name]) for name in asked):
        return None
    if first.default == key:
        rules = (*first.rules, *behind.rules)
        joined = replace(first, rules=rules, default=behind.default, assign=behind.assign, port=None)
    elif _may_ask_in_vain(behind):
        return None
    else:
        joined = replace(first, rules=tuple(_unfolded(first, key, behind)))
    return replace(joined, origin=replace(first.origin, after=(*first.origin.after, *shown)))


def _may_ask_in_vain(choice: Choice) -> bool:
    return any(source_may_fail(source_of(rule.condition) or "") for rule in choice.rules)


def _unfolded(first: Choice, key: str, behind: Choice) -> Iterator[ChoiceRule]:
    for rule in first.rules:
        if rule.next != key:
            yield rule
            continue
        for inner in behind.rules:
            yield replace(inner, condition=_both(rule.condition, inner.condition))
        assert behind.default is not None
        yield ChoiceRule(rule.condition, behind.default, behind.assign)


def _behind(second: Choice, taken: Assigns) -> Choice:
    """The second Choice as it reads before what led to it was assigned."""
    rules = tuple(
        ChoiceRule(_condition(rule.condition, taken), rule.next, _assigned(rule.assign, taken))
        for rule in second.rules
    )
    return replace(second, rules=rules, assign=_assigned(second.assign, taken))


def _assigned(assign: Assigns, taken: Assigns) -> Assigns:
    return {**taken, **{name: substituted(value, taken) for name, value in assign.items()}}


def _condition(condition: str, taken: Assigns) -> str:
    value = substituted(condition, taken)
    return value if isinstance(value, str) else expression("true" if value is True else "false")


def _both(one: str, other: str) -> str:
    return one if one == other else expression(f"{_operand(one)} and {_operand(other)}")


def _operand(condition: str) -> str:
    source = source_of(condition) or ""
    root = parse_expression(source).root
    is_tight = root is not None and root.kind in _TIGHT and root.value != "or"
    return source if is_tight else f"({source})"


def _with_ports(second: Choice) -> Choice:
    """A condition that assigns its output on every way: by that a history shows that it ran."""
    node = second.origin.node
    if second.origin.role in _ADDED:
        return second
    name = next((name for name in all_assigned(second) if is_output(name, node)), node)
    rules = tuple(replace(rule, assign={name: {"port": rule.port}, **rule.assign}) for rule in second.rules)
    return replace(second, rules=rules, assign={name: {"port": second.port}, **second.assign})


def _nodes(origin: Origin) -> tuple[str, ...]:
    own = () if origin.role in _ADDED else (origin.node,)
    return (*origin.before, *own, *origin.after)
