"""Runs in the table: a small summary from the start, and the result beside it at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from boto3.dynamodb.conditions import Attr, ConditionBase

from layers.runtime.arms import ArmName
from layers.runtime.json_value import JsonObject, JsonValue, read_json, write_json
from layers.runtime.slimming import Timeline, fitting_timeline
from layers.runtime.store import ConditionFailedError, Item, Store
from layers.runtime.store.packing import pack, unpack
from layers.runtime.store.table import ABSENT, ITEM_LIMIT_BYTES, Delete, Put, Update, Write

RunStatus = Literal[
    "queued", "starting", "running", "succeeded", "failed", "timed_out", "cancelled", "paused"
]
OPEN: Final = ("queued", "starting", "running")
_DOCUMENTS: Final = ("lineage", "variables")
"""Fields of a run that are JSON."""
CAUSE_LIMIT: Final = 1_000
"""Characters of the cause that the summary keeps; the result has all of it."""
RETENTION_SECONDS: Final = 90 * 86_400
"""As long as Step Functions keeps an execution's history (AWS: Step Functions quotas)."""


@dataclass(frozen=True, slots=True)
class Run:
    """The summary of a run."""

    id: str
    workflow: str
    version: int | None
    status: RunStatus
    trigger_id: str
    trigger_type: str
    started_at: str
    execution_arn: str
    started_by: str
    ended_at: str | None = None
    error: str | None = None
    cause: str | None = None
    events: int | None = None
    """How many events of its log the record was made of; None of a Standard run, whose history is whole."""
    arm: ArmName | None = None
    """Of a run that an A/B chose the version of."""
    parent: str | None = None
    """The run that it goes on from."""
    root: str | None = None
    """The first run of those that go on from one another; the keys of nodes' work begin with it."""
    lineage: JsonObject | None = None
    """Why and how it goes on (`reason`, `by`, `begin`, `pins`); `redriven` tells of the last redrive."""
    redrives: int | None = None
    variables: JsonObject | None = None
    """Other values of variables, for whoever goes on from it."""
    key: str | None = None
    """Which runs it counts with, where its workflow limits how many are under way at once."""
    place: str | None = None
    """Where it waits for a slot."""
    admitted_at: str | None = None
    """When it got its slot."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run was given and gave; what did not fit into one item is None and named in `left_out`.

    There `log` says that not all of an Express run's log has come, so the timeline may have gaps.
    """

    input: JsonValue
    output: JsonValue
    cause: str | None
    timeline: Sequence[Mapping[str, JsonValue]] | None
    skipped: Sequence[str]
    left_out: Sequence[str] = ()
    figures: Mapping[str, JsonValue] | None = None
    """What the run took (layers.runtime.figures)."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key, and the digest of what came with it."""

    key: str
    digest: str


def create_run(store: Store, run: Run, idempotency: Idempotency | None = None) -> None:
    """Records a run that is about to start; raises ConditionFailedError if its key has started one."""
    store.table.write(new_run(store, run, idempotency))


def new_run(store: Store, run: Run, idempotency: Idempotency | None = None) -> list[Write]:
    """The writes that record a run, which fail if there is one of its id, or its key has started one."""
    writes: list[Write] = [Put(_item(store, run), ABSENT)]
    if idempotency is not None:
        key = store.keys.idempotency(run.workflow, idempotency.key)
        values = {"run": run.id, "digest": idempotency.digest, "expires_at": _expiry(run.started_at)}
        writes.append(Put({"pk": key.pk, "sk": key.sk, **values}, ABSENT))
    return writes


def find_started(store: Store, workflow: str, key: str) -> tuple[str, str] | None:
    """The id of the run that an idempotency key has started, and the digest of what came with it."""
    item = store.table.get(store.keys.idempotency(workflow, key))
    return None if item is None else (item["run"], item["digest"])


def forget_started(store: Store, workflow: str, key: str) -> None:
    """Frees an idempotency key whose run could not be started."""
    store.table.write([Delete(store.keys.idempotency(workflow, key))])


def find_run(store: Store, run: str) -> Run | None:
    """The summary of a run."""
    item = store.table.get(store.keys.run(run))
    return None if item is None else run_of(item)


def find_result(store: Store, run: str) -> RunResult | None:
    """The result of a run that has ended."""
    item = store.table.get(store.keys.result(run))
    if item is None:
        return None
    fields: Any = read_json(unpack(item["document"]))
    return RunResult(**fields)


def mark(store: Store, run: str, values: Mapping[str, str | int | None]) -> bool:
    """Changes a run's summary unless it has ended; gives whether it did."""
    try:
        store.table.write([Update(store.keys.run(run), values, Attr("status").is_in(list(OPEN)))])
    except ConditionFailedError:
        return False
    return True


def reopen_run(store: Store, run: Run, lineage: JsonObject) -> bool:
    """Says that a run that had ended goes on, unless its record has changed since it was read."""
    redrives = (run.redrives or 0) + 1
    again = {"status": "running", "ended_at": None, "error": None, "cause": None, "redrives": redrives}
    as_read = Attr("status").eq(run.status) & Attr("ended_at").eq(run.ended_at)
    update = Update(store.keys.run(run.id), {**again, "lineage": write_json(lineage)}, as_read)
    try:
        store.table.write([update])
    except ConditionFailedError:
        return False
    return True


def cancel_paused(store: Store, run: Run) -> bool:
    """Says that a paused run, whose execution has ended, is not to go on; False if it goes on by now."""
    update = Update(store.keys.run(run.id), {"status": "cancelled"}, Attr("status").eq("paused"))
    try:
        store.table.write([update])
    except ConditionFailedError:
        return False
    return True


def set_variables(store: Store, run: Run, variables: JsonObject) -> None:
    """Keeps other values of variables for whoever goes on from the run."""
    update = Update(store.keys.run(run.id), {"variables": write_json(variables)})
    store.table.write([update])


def mark_running(store: Store, run: str, execution_arn: str) -> bool:
    """Says that Step Functions has taken a run under that ARN, unless more is known already."""
    taken = {"status": "running", "execution_arn": execution_arn}
    update = Update(store.keys.run(run), taken, Attr("status").eq("starting"))
    try:
        store.table.write([update])
    except ConditionFailedError:
        return False
    return True


def finish_run(store: Store, run: Run, result: RunResult) -> bool:
    """Records a run's end and result together, once; gives False if its end was recorded before.

    What was made of a log is recorded anew when more of the log is there, or when a later end is: Express
    executions may run more than once (AWS: execution guarantees).
    """
    key = store.keys.result(run.id)
    document = {
        "pk": key.pk,
        "sk": key.sk,
        "document": _fitting(result),
        "expires_at": _expiry(run.started_at),
    }
    try:
        store.table.write([Put(_item(store, run), _unrecorded(run)), Put(document)])
    except ConditionFailedError:
        return False
    return True


def _unrecorded(run: Run) -> ConditionBase:
    still_open = ABSENT | Attr("status").is_in(list(OPEN))
    if run.events is None:
        # What was redriven may have been taken for ended when it had only just gone on.
        return still_open | Attr("ended_at").lt(run.ended_at)
    more = Attr("ended_at").eq(run.ended_at) & Attr("events").lt(run.events)
    return still_open | Attr("events").eq(0) | Attr("ended_at").lt(run.ended_at) | more


def _fitting(result: RunResult) -> bytes:
    """The packed result; what makes it too large is left out: values of nodes, input, output, cause."""
    document: dict[str, Any] = asdict(result)
    for left_out in ([], ["input"], ["input", "output"], ["input", "output", "cause"]):
        kept = {**document, **dict.fromkeys(left_out), "left_out": _merged(result.left_out, left_out)}
        timeline = fitting_timeline(result.timeline or (), partial(_fits, kept))
        if timeline is not None:
            return _packed(kept, timeline)
    named = _merged(result.left_out, ["input", "output", "timeline"])
    return _packed({**document, "input": None, "output": None, "left_out": named}, None)


def _merged(first: Sequence[str], second: Sequence[str]) -> list[str]:
    return [*first, *(part for part in second if part not in first)]


def _fits(document: Mapping[str, Any], timeline: Timeline) -> bool:
    return len(_packed(document, timeline)) <= ITEM_LIMIT_BYTES


def _packed(document: Mapping[str, Any], timeline: Timeline | None) -> bytes:
    return pack(write_json({**document, "timeline": timeline}))


def _item(store: Store, run: Run) -> Item:
    key = store.keys.run(run.id)
    listed = f"{run.started_at}#{run.id}"
    return {
        "pk": key.pk,
        "sk": key.sk,
        "gsi1pk": store.keys.kind("run"),
        "gsi1sk": listed,
        "gsi2pk": store.keys.of_workflow(run.workflow),
        "gsi2sk": f"run#{listed}",
        "expires_at": _expiry(run.started_at),
        **asdict(run),
        **{name: write_json(value) for name in _DOCUMENTS if (value := getattr(run, name)) is not None},
        "cause": run.cause[:CAUSE_LIMIT] if run.cause else None,
    }


def run_of(item: Item) -> Run:
    """The summary that an item holds."""
    fields: dict[str, Any] = {name: item[name] for name in Run.__slots__ if name in item}
    documents: dict[str, Any] = {name: read_json(fields[name]) for name in _DOCUMENTS if name in fields}
    return Run(**{"version": None, **fields, **documents})


def _expiry(started_at: str) -> int:
    return int(datetime.fromisoformat(started_at).timestamp()) + RETENTION_SECONDS
