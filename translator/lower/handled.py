"""Leads failures that no error edge takes to the handlers, and ends the run after them."""

from __future__ import annotations

from typing import Final

from translator.asl import Origin
from translator.error_classes import EXPRESSION_FAILED
from translator.json_value import JsonValue
from translator.lower.catching import Catching
from translator.lower.context import NO_MATCH, Context
from translator.lower.draft import END, HANDLED, INVOKE, Draft, Transition, expression
from translator.lower.node import body_error_value, error_value
from translator.lower.raising import errors_without_tasks
from translator.lower.routes import Route
from translator.lower.scope import ScopeWriter
from translator.lower.values import CAUGHT
from translator.resolve.handling import Handler

RESOLVES: Final = "error__resolves"
"""The variable that says whether the handler that runs turns the failure into a success."""

__all__ = [
    "RESOLVES",
    "Catching",
    "failure_routes",
    "handled_drafts",
    "no_match_caught",
    "no_match_value",
    "with_handlers",
]


def with_handlers(scope: ScopeWriter, draft: Draft, catching: tuple[Catching, ...] | None = None) -> Draft:
    """Adds what catches its failures to a state that can have any; from a branch the failure is told on.

    A branch that fails loses its variables, so the node's id travels in the Cause. `catching` is that of the
    scope if not given.
    """
    if draft.kind not in {"task", "parallel", "map"} or draft.resource != INVOKE:
        return draft
    told: list[str] = []
    for each in scope.catching if catching is None else catching:
        errors = _possible(scope.context, draft, each.errors)
        if each.path != scope.path:
            told += errors if each.wants_node else ()
            continue
        if errors:
            draft.catches.append((errors, each.transition(_value(draft))))
    if told and draft.kind == "task":
        node = draft.origin.node
        away = Transition(told_on(scope, scope.path[-1]), assign={CAUGHT: error_value(node)})
        draft.catches.append((tuple(dict.fromkeys(told)), away))
    return draft


def failure_routes(scope: ScopeWriter) -> tuple[Route, ...]:
    """Where a failure leads that is already `$error`, as far as handlers take it."""
    own = expression(f"${scope.context.names.caught}")
    told = tuple(
        dict.fromkeys(
            name for catching in scope.catching if catching.path != scope.path for name in catching.errors
        )
    )
    here = tuple(
        (catching.errors, _without_echo(catching.transition(own), own))
        for catching in scope.catching
        if catching.path == scope.path
    )
    if not told:
        return here
    away = Transition(told_on(scope, scope.path[-1]), assign={CAUGHT: own})
    return (*here, (told, _without_echo(away, own)))


def _without_echo(transition: Transition, own: str) -> Transition:
    """Without what is given its own value."""
    transition.assign = {
        name: value for name, value in transition.assign.items() if expression(f"${name}") != own
    }
    return transition


def _value(draft: Draft) -> str:
    """`$error` of a failure of that state."""
    if draft.body is not None:
        return body_error_value(draft.origin.node)
    return error_value(draft.origin.node if draft.origin.role != "fork" else None)


def _possible(context: Context, draft: Draft, errors: tuple[str, ...]) -> tuple[str, ...]:
    """Of a handler's errors those that the state can have: only expressions fail inside a guard.

    What the machine itself raises comes out of a scope, never out of a Task.
    """
    if draft.kind == "task":
        return tuple(name for name in errors if name not in context.raised)
    if draft.origin.role in {"guard", "when"}:
        return tuple(name for name in errors if name == EXPRESSION_FAILED)
    own = errors_without_tasks(draft)
    return errors if own is None else tuple(name for name in errors if name in own)


def no_match_value(context: Context, node: str) -> JsonValue:
    """`$error` of a condition of which no case fits."""
    cause = f'no case of "{context.title(node)}" fits and it has no default'
    return {"error": NO_MATCH, "cause": cause, "node": node}


def no_match_caught(scope: ScopeWriter, node: str) -> Transition | None:
    """Where a condition leads that no case fits and no error edge takes; None if no handler does either."""
    for catching in scope.catching:
        if NO_MATCH in catching.errors:
            value = no_match_value(scope.context, node)
            if catching.path == scope.path:
                return catching.transition(value)
            return Transition(told_on(scope, scope.path[-1]), assign={CAUGHT: value})
    return None


def told_on(
    scope: ScopeWriter, node: str, variable: str = CAUGHT, key: str | None = None, when: str | None = None
) -> str:
    """The state that fails the scope as `variable` tells, the failed node named in the Cause.

    The node is not named where the condition `when` is false: what nobody catches ends the run as it is.
    """
    error = f"${variable}"
    cause = f'$string({{"errorMessage": {error}.cause, "node": {error}.node}})'
    if when is not None:
        cause = f"{error}.cause" if when == "false" else f"{when} ? {cause} : {error}.cause"
    fields: dict[str, JsonValue] = {"error": expression(f"{error}.error"), "cause": expression(cause)}
    name = f"Failed in {scope.context.title(node)}"
    key = key or f"told:{'/'.join(scope.path)}"
    return scope.add(Draft(key, name, Origin(scope.owner(node), "join"), "fail", fields=fields))


def handled_drafts(handlers: tuple[Handler, ...]) -> list[Draft]:
    """The end of a run after its handler; the first state is where it starts."""
    origin = Origin("", "join")
    fields: dict[str, JsonValue] = {
        "error": expression(f"${CAUGHT}.error"),
        "cause": expression(f"${CAUGHT}.cause"),
    }
    failed = Draft("unresolved", "Failed after handling", origin, "fail", fields=fields)
    resolved = Draft(HANDLED, "Resolved", origin, "succeed", success=Transition(END))
    kinds = {handler.resolve for handler in handlers}
    if len(kinds) == 1:
        return [resolved if True in kinds else failed]
    choose = Draft("resolved?", "Was it resolved?", origin, "choice")
    choose.rules = [(f"${RESOLVES}", Transition(resolved.key))]
    choose.success = Transition(failed.key)
    return [choose, resolved, failed]
