"""Finds the runs of nodes that have no state of their own: another node's state does their work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from layers.runtime.history import Visit

_LEAVING: Final = re.compile(r"\b(Assign|Output)\b")
"""Of the fields in which an expression can fail those that are evaluated as a state is left."""

_WHEN: Final = re.compile(r"\b(Assign|Output)/\w+__to__")
"""The variable that says whether an edge is taken."""


@dataclass(frozen=True, slots=True)
class Inside:
    """One such run, which takes no time; `begun_by` is the id of the event with which it began."""

    node: str
    begun_by: int
    at: datetime
    output: str | None = None
    """JSON text, None if the history does not tell it (yet)."""
    failure: tuple[str | None, str | None] | None = None
    """Error and cause."""


def runs_inside(visit: Visit, place: Mapping[str, Any]) -> Iterator[Inside]:
    """The runs that a visit of a state stands for; `place` is what the source map says of the state."""
    for node in place.get("before", ()):
        yield Inside(node, visit.entered_by, visit.entered_at, assigned_output(visit.assigned, node))
    behind: Sequence[str] = place.get("after", ())
    failed = failed_inside(visit, place)
    if failed is not None and visit.ended_at is not None:
        for node in behind[: behind.index(failed)]:
            yield Inside(node, visit.failed_by, visit.ended_at)
        yield Inside(failed, visit.failed_by, visit.ended_at, failure=visit.failure)
    if visit.exited_by is not None and visit.ended_at is not None:
        for node in behind:
            output = assigned_output(visit.assigned, node)
            if output is not None:
                yield Inside(node, visit.exited_by, visit.ended_at, output)


def failed_inside(visit: Visit, place: Mapping[str, Any]) -> str | None:
    """The node, done as the state was left, whose expression failed there; None where the state failed."""
    is_leaving = _LEAVING.search(visit.failed_at or "") is not None
    return place.get("failing") if is_leaving and visit.exited_by is None else None


def has_done_its_work(visit: Visit, place: Mapping[str, Any]) -> bool:
    """Whether what failed as the state was left is no failure of its own node.

    It is another node's whose work the state does too, or the `when` of an edge, or of a call that has been
    answered whatever is made of the answer, as the output of the run.
    """
    if failed_inside(visit, place) is not None or place.get("role") == "when":
        return True
    where = visit.failed_at or ""
    is_answered = visit.result is not None and _LEAVING.search(where) is not None
    return is_answered or _WHEN.search(where) is not None


def assigned_output(assigned: Mapping[str, str], node: str) -> str | None:
    """The JSON text of a node's output among the variables that a state assigned."""
    return next((text for name, text in assigned.items() if is_output(name, node)), None)


def is_output(name: str, node: str) -> bool:
    """Whether a variable holds the node's output: in a branch its name has a number."""
    variable, _, number = name.partition("__")
    return variable == node and (not number or number.isdigit())
