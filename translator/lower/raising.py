"""What can come out of a Parallel in which nothing is called."""

from __future__ import annotations

from collections.abc import Iterator

from translator.error_classes import EXPRESSION_FAILED
from translator.expressions.certainty import source_may_fail
from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.lower.draft import Draft, expression
from translator.lower.passage import drafts

_CALLING = frozenset({"task", "map"})


def errors_without_tasks(draft: Draft) -> frozenset[str] | None:
    """The errors of a Parallel without a Task inside; None where a Task may have any."""
    if draft.kind != "parallel":
        return None
    found: set[str] = set()
    for inner in (inner for branch in draft.branches for inner in drafts(branch)):
        error = inner.fields.get("error")
        if inner.kind in _CALLING or (inner.kind == "fail" and source_of(error) is not None):
            return None
        if inner.kind == "fail" and isinstance(error, str):
            found.add(error)
        if inner.kind == "wait" or inner.wins or _may_fail(inner):
            found.add(EXPRESSION_FAILED)
    return frozenset(found)


def _may_fail(draft: Draft) -> bool:
    sources = (source_of(value) for value in _values(draft))
    return any(source_may_fail(source) for source in sources if source is not None)


def _values(draft: Draft) -> Iterator[JsonValue]:
    yield from draft.fields.values()
    yield draft.shown
    for condition, _ in draft.rules:
        yield expression(condition)
    for transition in draft.transitions():
        yield from transition.assign.values()
        yield from transition.then.values()
