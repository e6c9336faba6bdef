"""What happens when a run has ended: events on the project's bus, and what its workflow says in `on_end`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from layers.runtime.errors import PlatformError, Problem
from layers.runtime.executions import Clock
from layers.runtime.firing.ended import tell_waiting
from layers.runtime.firing.message import Firing
from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json
from layers.runtime.queue import Queue
from layers.runtime.store import Store
from layers.runtime.store.endings import claim_end, end_is_done, error_workflow
from layers.runtime.store.runs import CAUSE_LIMIT, Run
from layers.runtime.store.versions import Version, find_version
from layers.runtime.store.workflows import find_head

SOURCE: Final = "steploom"
"""Of the events about runs; those that definitions emit come from `steploom.workflow`."""
OUTPUT_LIMIT_BYTES: Final = 100_000
"""Of a run's output in an event; the rest is told as its size (AWS: 1 MB an event)."""
_ENDED: Final = ("succeeded", "failed", "timed_out", "cancelled")


class Bus(Protocol):
    """The part of boto3's `events` client that is used."""

    def put_events(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: PutEvents."""


@dataclass(frozen=True, slots=True)
class Endings:
    """Everything that acting on ends needs."""

    store: Store
    bus: Bus
    bus_name: str
    starts: Queue
    clock: Clock


def tell_start(endings: Endings, run: Run) -> None:
    """Puts the event `run.started`; raises PlatformError, for whoever called to be called again."""
    _put(endings, [_entry(endings, SOURCE, "run.started", about(endings.store.project, run, "started"))])


def act_on_end(endings: Endings, run: Run, output: JsonValue) -> None:
    """Tells that a run has ended, also those that wait for it, and does what is to be done then.

    It may be called again at any time, and is where nobody knows whether it has been called.

    Events may come twice, under one `id`; what `on_end` says is done once, unless the caller is cut off in
    the middle of it, and runs are started once in any case. Raises PlatformError.
    """
    tell_waiting(endings.store, endings.starts, run)
    project = endings.store.project
    told = about(project, run, run.status)
    entries = [_entry(endings, SOURCE, f"run.{run.status}", told)]
    actions = list(_actions(endings.store, run))
    is_mine = bool(actions) and claim_end(endings.store, run.id, str(run.ended_at), endings.clock())
    for number, action in enumerate(actions if is_mine else ()):
        detail = {**told, "id": f"{told['id']}/{number}", "output": _shown(output)}
        if "start" in action:
            _start(endings, str(action["start"]), detail)
        else:
            name = action.get("emit") or "notification"
            to = {"to": action["notify"]} if "notify" in action else {}
            entries.append(_entry(endings, f"{SOURCE}.workflow", str(name), {**detail, **to}))
    _put(endings, entries)
    if is_mine:
        end_is_done(endings.store, run.id, str(run.ended_at))


def about(project: str, run: Run, what: str) -> JsonObject:
    """The detail of an event about a run; `id` is the same whenever it is told again."""
    lineage: JsonObject = run.lineage or {}
    return {
        "id": f"{run.id}/{run.ended_at or run.started_at}/{what}",
        "project": project,
        "run": run.id,
        "workflow": run.workflow,
        "version": run.version,
        "status": run.status,
        "trigger": {"id": run.trigger_id, "type": run.trigger_type},
        "started_by": run.started_by,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "error": run.error,
        "cause": run.cause[:CAUSE_LIMIT] if run.cause else None,
        "parent": run.parent,
        "root": run.root,
        "reason": lineage.get("reason"),
    }


def _actions(store: Store, run: Run) -> Iterator[JsonObject]:
    if run.status not in _ENDED or (run.lineage or {}).get("reason") == "test":
        return
    version = find_version(store, run.workflow, run.version) if run.version else None
    for action in version.on_end if version else ():
        if action["on"] in (run.status, "ended"):
            yield action
    if run.status in ("failed", "timed_out"):
        handler = error_workflow(store)
        if handler is not None and handler != run.workflow:
            yield {"start": handler}


def _start(endings: Endings, workflow: str, detail: JsonObject) -> None:
    trigger = _manual_trigger(endings.store, workflow)
    if trigger is None:
        return
    identity = str(detail["id"])
    firing = Firing(workflow, trigger, "manual", identity, endings.clock(), {"body": {"run": detail}})
    endings.starts.send(firing.to_text())


def _manual_trigger(store: Store, workflow: str) -> str | None:
    """The trigger that a workflow is started by; None of one that has none, or is not active."""
    head = find_head(store, workflow)
    if head is None or head.active_version is None:
        return None
    version: Version | None = find_version(store, workflow, head.active_version)
    triggers: Sequence[JsonObject] = version.triggers if version else ()
    return next((str(trigger["id"]) for trigger in triggers if trigger["type"] == "manual"), None)


def _shown(output: JsonValue) -> JsonValue:
    size = size_in_bytes(write_json(output))
    return output if size <= OUTPUT_LIMIT_BYTES else {"left_out_bytes": size}


def _entry(endings: Endings, source: str, kind: str, detail: JsonObject) -> dict[str, str]:
    return {
        "EventBusName": endings.bus_name,
        "Source": source,
        "DetailType": kind,
        "Detail": write_json(detail),
    }


def _put(endings: Endings, entries: Sequence[Mapping[str, str]]) -> None:
    for start in range(0, len(entries), 10):
        answer = endings.bus.put_events(Entries=list(entries[start : start + 10]))
        if answer.get("FailedEntryCount"):
            raise _not_put(str(answer["Entries"]))


def _not_put(what: str) -> PlatformError:
    detail = f"EventBridge did not take all events: {what[:500]}"
    return PlatformError(Problem(503, "events_not_put", "Events not put", detail, "Try again."))
