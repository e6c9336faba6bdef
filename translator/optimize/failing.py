"""Whose failure it is when an expression fails as a state is left: what must stay told apart in a history."""

from __future__ import annotations

from typing import Final

from translator.asl import Choice, Fail, Map, Parallel, Pass, State, Succeed, Task
from translator.expressions.certainty import source_may_fail
from translator.optimize.reading import sources
from translator.optimize.ways import ways_of

_CATCHING: Final = frozenset({"States.QueryEvaluationError", "States.ALL", "States.TaskFailed"})


def fails_apart(before: State, state: Pass) -> bool:
    """Whether a Pass that fails does so too inside the state before it, and as nothing but itself.

    The state must not catch or repeat such a failure, and nothing else may fail as it is left.
    """
    if not (may_fail_leaving(state) or state.origin.failing):
        return True
    if may_fail_leaving(state) and (state.origin.failing or _has_failing_flags(state)):
        return False
    alone = len(ways_of(before)) == 1 or not before.origin.after
    return alone and not (before.origin.failing or may_fail_leaving(before) or _catches(before))


def may_fail_leaving(state: State) -> bool:
    """Whether a value that the state gives as it is left may fail; what a Catch assigns never does."""
    if isinstance(state, (Succeed, Fail)):
        return any(source_may_fail(source) for source in sources(state))
    if isinstance(state, Choice):
        return any(source_may_fail(source) for way in ways_of(state) for source in sources(way.assign))
    return any(source_may_fail(source) for value in (state.assign, state.output) for source in sources(value))


def _has_failing_flags(state: Pass) -> bool:
    """Whether the condition of an edge may fail, which is not a failure of the node."""
    flags = (value for name, value in state.assign.items() if "__to__" in name)
    return any(source_may_fail(source) for value in flags for source in sources(value))


def _catches(state: State) -> bool:
    if not isinstance(state, (Task, Parallel, Map)):
        return False
    lists = [catcher.errors for catcher in state.catch]
    lists += [retrier.errors for retrier in state.retry] if isinstance(state, Task) else []
    return any(not _CATCHING.isdisjoint(errors) for errors in lists)
