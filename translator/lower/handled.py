"""Leads failures that no error edge takes to the handlers, and ends the run after them."""

from __future__ import annotations

from typing import Final

from translator.asl import Origin
from translator.json_value import JsonValue
from translator.lower.catching import Catching
from translator.lower.context import NO_MATCH, Context
from translator.lower.draft import END, HANDLED, INVOKE, Draft, Transition, expression
from translator.lower.node import error_value
from translator.lower.routes import EXPRESSION_FAILED, Route
from translator.lower.scope import ScopeWriter
from translator.lower.values import CAUGHT
from translator.resolve.handling import Handler

RESOLVES: Final = "error__resolves"
"""The variable that says whether the handler that runs turns the failure into a success."""

__all__ = [
    "EXPRESSION_FAILED",
    "RESOLVES",
    "Catching",
    "failure_routes",
    "handled_drafts",
    "no_match_caught",
    "no_match_value",
    "with_handlers",
]


def with_handlers(scope: ScopeWriter, draft: Draft) -> Draft:
    """Adds the catchers of the handlers to a state that has any; in a branch the failure is told on.

    A branch that fails loses its variables, so the node's id travels in the Cause.
    """
    if draft.kind not in {"task", "parallel"} or not scope.catching or draft.resource != INVOKE:
        return draft
    if scope.is_root:
        for catching in scope.catching:
            value = error_value(draft.origin.node if draft.origin.role != "fork" else None)
            assign: dict[str, JsonValue] = {CAUGHT: value, **catching.assign}
            errors = _possible(draft, catching.errors)
            if errors:
                draft.catches.append((errors, Transition(catching.target, assign=assign)))
    elif draft.kind == "task":
        names = tuple(dict.fromkeys(name for catching in scope.catching for name in catching.errors))
        told = Transition(_told_on(scope), assign={CAUGHT: error_value(draft.origin.node)})
        draft.catches.append((names, told))
    return draft


def failure_routes(scope: ScopeWriter) -> tuple[Route, ...]:
    """Where a failure leads that is already `$error`, as far as handlers take it."""
    if not scope.is_root:
        names = tuple(dict.fromkeys(name for catching in scope.catching for name in catching.errors))
        return ((names, Transition(_told_on(scope))),) if names else ()
    return tuple(
        (catching.errors, Transition(catching.target, assign=dict(catching.assign)))
        for catching in scope.catching
    )


def _possible(draft: Draft, errors: tuple[str, ...]) -> tuple[str, ...]:
    """Of a handler's errors those that the state can have: inside a guard only expressions can fail."""
    if draft.origin.role != "guard":
        return errors
    return tuple(name for name in errors if name == EXPRESSION_FAILED)


def no_match_value(context: Context, node: str) -> JsonValue:
    """`$error` of a condition of which no case fits."""
    cause = f'no case of "{context.title(node)}" fits and it has no default'
    return {"error": NO_MATCH, "cause": cause, "node": node}


def no_match_caught(scope: ScopeWriter, node: str) -> Transition | None:
    """Where a condition leads that no case fits and no error edge takes; None if no handler does either."""
    for catching in scope.catching:
        if NO_MATCH in catching.errors:
            assign: dict[str, JsonValue] = {CAUGHT: no_match_value(scope.context, node), **catching.assign}
            if scope.is_root:
                return Transition(catching.target, assign=assign)
            return Transition(_told_on(scope), assign={CAUGHT: assign[CAUGHT]})
    return None


def _told_on(scope: ScopeWriter) -> str:
    """The state that fails the branch as its node failed, the node named in the Cause."""
    node = scope.path[-1]
    error = f"${CAUGHT}"
    cause = f'$string({{"errorMessage": {error}.cause, "node": {error}.node}})'
    fields: dict[str, JsonValue] = {"error": expression(f"{error}.error"), "cause": expression(cause)}
    name = f"Failed in {scope.context.title(node)}"
    return scope.add(Draft(f"told:{'/'.join(scope.path)}", name, Origin(node, "join"), "fail", fields=fields))


def handled_drafts(handlers: tuple[Handler, ...]) -> list[Draft]:
    """The end of a run after its handler; the first state is where it starts."""
    origin = Origin("", "join")
    fields: dict[str, JsonValue] = {
        "error": expression(f"${CAUGHT}.error"),
        "cause": expression(f"${CAUGHT}.cause"),
    }
    failed = Draft("unresolved", "Failed after handling", origin, "fail", fields=fields)
    resolved = Draft(HANDLED, "Handled", origin, "succeed", success=Transition(END))
    kinds = {handler.resolve for handler in handlers}
    if len(kinds) == 1:
        return [resolved if True in kinds else failed]
    choose = Draft("resolved?", "Resolved?", origin, "choice")
    choose.rules = [(f"${RESOLVES}", Transition(resolved.key))]
    choose.success = Transition(failed.key)
    return [choose, resolved, failed]
