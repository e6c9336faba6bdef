"""Brings the ends of runs together that a workflow trigger waits for, within its window and of one key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from layers.runtime.firing.message import Firing, MalformedFiringError, moment_of
from layers.runtime.firing.outcome import Gathered, Refused, refused
from layers.runtime.firing.selecting import Evaluate, SelectionError, select
from layers.runtime.json_value import JsonObject, JsonValue, write_json
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.gatherings import End, find_gathering, find_taken, take_in
from layers.runtime.store.runs import RunResult, find_result

_TRIES: Final = 20
_WINDOW_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a trigger waits for."""

    after: frozenset[str]
    window: timedelta
    key: str | None

    @classmethod
    def of(cls, trigger: JsonObject) -> _Wanted:
        after, seconds, key = trigger["after"], trigger.get("within_seconds"), trigger.get("key")
        assert isinstance(after, Sequence)
        within = seconds if isinstance(seconds, int) else _WINDOW_SECONDS
        return cls(
            frozenset(map(str, after)), timedelta(seconds=within), key if isinstance(key, str) else None
        )


def gather(
    store: Store, firing: Firing, trigger: JsonObject, now: datetime, evaluate: Evaluate
) -> Firing | Gathered | Refused:
    """The firing with the ends that belong together, once all are there; until then what it waits for.

    An end that comes twice gives what it gave before, so that what was cut off between the collection and
    the start of the run is made good. Raises MalformedFiringError.
    """
    if "runs" in firing.fields:
        return firing
    end, wanted = _end_of(firing), _Wanted.of(trigger)
    statuses = trigger.get("status") or ["succeeded"]
    assert isinstance(statuses, Sequence)
    if end.workflow not in wanted.after or end.status not in statuses:
        return Gathered("the active version does not wait for it")
    if trigger.get("when") == "any" or len(wanted.after) == 1:
        return _complete(firing, (end,))
    try:
        key = _key_of(store, end, wanted.key, evaluate)
    except SelectionError as error:
        return refused("no_key", f"The key of run '{end.id}' cannot be evaluated: {error}")
    if key is None and wanted.key is not None:
        return refused("no_key", f"Run '{end.id}' has nothing at '{wanted.key}'.")
    complete = _collect(store, firing, end, wanted, write_json(key), now)
    return _complete(firing, complete) if complete else Gathered("others are still to end")


def with_outputs(store: Store, firing: Firing) -> Firing:
    """The firing with what each of its runs gave, null where that is not kept any more."""
    runs = firing.fields.get("runs")
    if firing.type != "workflow" or not isinstance(runs, list):
        return firing
    told: list[JsonValue] = []
    for run in runs:
        assert isinstance(run, Mapping)
        result = find_result(store, str(run["id"]))
        told.append({**run, "output": None if result is None else result.output})
    return replace(firing, fields={**firing.fields, "runs": told})


def _collect(
    store: Store, firing: Firing, end: End, wanted: _Wanted, key: str, now: datetime
) -> tuple[End, ...]:
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    for _ in range(_TRIES):
        taken = find_taken(store, firing.workflow, firing.trigger, end)
        if taken is not None:
            return taken
        before = find_gathering(store, firing.workflow, firing.trigger, digest)
        ends = _within(before.ends, end, wanted)
        complete = ends if {one.workflow for one in ends} == wanted.after else ()
        left = () if complete else ends
        if take_in(store, before, end, left, complete, now + wanted.window):
            return complete
    raise ConditionFailedError((0,))


def _within(before: Sequence[End], end: End, wanted: _Wanted) -> tuple[End, ...]:
    """The newest end of each workflow, none further from the newest of all than the window allows."""
    newest: dict[str, End] = {}
    for one in sorted((*before, end), key=lambda one: (one.ended_at, one.id)):
        if one.workflow in wanted.after:
            newest[one.workflow] = one
    last = max(_moment(one) for one in newest.values())
    return tuple(
        newest[workflow] for workflow in sorted(newest) if last - _moment(newest[workflow]) <= wanted.window
    )


def _complete(firing: Firing, ends: Sequence[End]) -> Firing:
    runs: list[JsonValue] = [{"id": end.id, "workflow": end.workflow, "status": end.status} for end in ends]
    identity = "+".join(sorted(end.identity for end in ends))
    return replace(firing, identity=identity, fields={"runs": runs})


def _key_of(store: Store, end: End, key: str | None, evaluate: Evaluate) -> JsonValue:
    if key is None:
        return None
    result = find_result(store, end.id)
    item: dict[str, Any] = {"id": end.id, "workflow": end.workflow, "status": end.status}
    item |= {"output": None if result is None else result.output, "trigger": _trigger_of(result)}
    return select(key, {"item": item}, item, evaluate)


def _trigger_of(result: RunResult | None) -> JsonValue:
    given = None if result is None else result.input
    return given.get("trigger") if isinstance(given, Mapping) else None


def _end_of(firing: Firing) -> End:
    run = firing.fields.get("run")
    fields = ("id", "workflow", "status", "ended_at")
    if not isinstance(run, Mapping) or not all(isinstance(run.get(name), str) for name in fields):
        raise MalformedFiringError("the firing of a workflow lacks its 'run'")
    end = End(*(str(run[name]) for name in fields))
    if moment_of(end.ended_at) is None:
        raise MalformedFiringError("the firing of a workflow lacks the time of its run's end")
    return end


def _moment(end: End) -> datetime:
    moment = moment_of(end.ended_at)
    assert moment is not None
    return moment
