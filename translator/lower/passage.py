"""Walks the states of a scope: each before those that it leads to, or with all those inside branches."""

from __future__ import annotations

from collections.abc import Iterator

from translator.lower.draft import END, Draft, DraftScope


def in_order(scope: DraftScope) -> list[str]:
    """The keys of all states, each before those that it leads to, as far as loops allow."""
    finished: list[str] = []
    seen = {scope.start, END}
    stack = [(scope.start, _targets(scope, scope.start))]
    while stack:
        key, targets = stack[-1]
        target = next((each for each in targets if each not in seen), None)
        if target is None:
            finished.append(key)
            stack.pop()
        else:
            seen.add(target)
            stack.append((target, _targets(scope, target)))
    finished.reverse()
    return finished


def drafts(scope: DraftScope) -> Iterator[Draft]:
    """All states, those inside branches right behind the Parallel that holds them."""
    pending = list(reversed(scope.states.values()))
    while pending:
        draft = pending.pop()
        yield draft
        for branch in reversed(draft.branches):
            pending += reversed(branch.states.values())


def _targets(scope: DraftScope, key: str) -> Iterator[str]:
    return (transition.target for transition in scope.states[key].transitions())
