"""WF680: what a trigger selects by is no path and no expression, or reads what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.checks.facts import Facts
from translator.definition.asking import PollTrigger, WorkflowTrigger
from translator.definition.positions import join_pointer
from translator.definition.wording import quoted
from translator.diagnostics import Diagnostic
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template

CODE: Final = "WF680"
_PATH: Final = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")
_ITEM: Final = frozenset({"item"})
_SELECTORS: Final[Mapping[str, frozenset[str]]] = {
    "items": frozenset({"answer", "cursor"}),
    "key": _ITEM,
    "cursor": _ITEM,
}
"""The fields that select, with the names that their expressions may read."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such text of a poll or a workflow trigger."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, PollTrigger | WorkflowTrigger):
            continue
        pointer = f"/triggers/{index}"
        for field, names in _SELECTORS.items():
            text = getattr(trigger, field, None)
            if text is not None:
                yield from _selector(facts, text, names, f"{pointer}/{field}", trigger.id)
        if isinstance(trigger, PollTrigger):
            for place, text in _texts(trigger.request, f"{pointer}/request"):
                yield from _text(facts, text, frozenset({"cursor"}), place, trigger.id)


def _selector(
    facts: Facts, text: str, names: frozenset[str], pointer: str, trigger: str
) -> Iterator[Diagnostic]:
    if _PATH.fullmatch(text):
        return
    template = parse_template(text)
    if template.whole is None and not template.problems:
        message = f'{quoted(text)} of trigger "{trigger}" is neither a path nor one expression'
        known = " and ".join(f"${name}" for name in sorted(names))
        hint = f"write a path such as `order.id`, or {{% … %}} over {known}"
        yield Diagnostic(CODE, message, hint, facts.resolved.positions.at(pointer))
        return
    yield from _text(facts, text, names, pointer, trigger)


def _text(facts: Facts, text: str, names: frozenset[str], pointer: str, trigger: str) -> Iterator[Diagnostic]:
    template = parse_template(text)
    position = facts.resolved.positions.at(pointer)
    problems = list(template.problems)
    for part in template.expressions:
        tree = parse_expression(part.source)
        problems += tree.problems
        for name in sorted(tree.free_names - names):
            known = " and ".join(f"${one}" for one in sorted(names))
            message = f'an expression of trigger "{trigger}" reads ${name}, and there is only {known}'
            yield Diagnostic(CODE, message, "no run exists yet when it is evaluated", position)
    for problem in problems:
        message = f'an expression of trigger "{trigger}" cannot be evaluated: {problem.message}'
        yield Diagnostic(CODE, message, problem.hint, position)


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if _is_list(value) else ()
    for key, inner in inside:
        yield from _texts(inner, join_pointer(pointer, key))


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
