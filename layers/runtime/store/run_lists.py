"""Lists of runs, newest first, and what they can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from layers.runtime.store import Store
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.runs import Run, run_of
from layers.runtime.store.table import Query

EARLIEST: Final = "0000"
LATEST: Final = "9999"
_SEARCHED: Final = ("id", "error", "cause", "trigger_id", "started_by")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs; what is None is not asked. Times are as `iso_time` writes them."""

    workflow: str | None = None
    status: str | None = None
    trigger: str | None = None
    """The trigger's id."""
    since: str | None = None
    """Started then or later."""
    until: str | None = None
    """Started before then."""
    text: str | None = None
    """Stands in the id, the error, the cause, the trigger's id or who started it, as it is written there."""


EVERY_RUN: Final = RunFilter()


def list_runs(
    store: Store, wanted: RunFilter = EVERY_RUN, limit: int = 100, cursor: str | None = None
) -> Listing[Run]:
    """The project's runs that fit, newest first; raises RequestError (400) for a wrong cursor."""
    of_all = wanted.workflow is None
    prefix = "" if of_all else "run#"
    query = Query(
        store.keys.kind("run") if wanted.workflow is None else store.keys.of_workflow(wanted.workflow),
        between=(f"{prefix}{wanted.since or EARLIEST}", f"{prefix}{wanted.until or LATEST}"),
        index="by_kind" if of_all else "by_workflow",
        filter=_condition(wanted),
        newest_first=True,
        limit=limit,
    )
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(run_of(item) for item in page.items), write_cursor(page.next_key))


def _condition(wanted: RunFilter) -> ConditionBase | None:
    conditions: list[ConditionBase] = []
    if wanted.status is not None:
        conditions.append(Attr("status").eq(wanted.status))
    if wanted.trigger is not None:
        conditions.append(Attr("trigger_id").eq(wanted.trigger))
    if wanted.text is not None:
        conditions.append(reduce(or_, [Attr(name).contains(wanted.text) for name in _SEARCHED]))
    return reduce(and_, conditions) if conditions else None
