"""Finds workflows that start one another in a circle by their workflow triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from functions.activate.compilation import finding
from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject
from layers.runtime.store import Store
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import WorkflowHead, find_head
from translator.diagnostics import Diagnostic, Severity


def cycle_findings(store: Store, workflow: str, triggers: Sequence[JsonObject]) -> Iterator[Diagnostic]:
    """What must stop an activation with those triggers: a circle, with the versions that are active."""
    for position, trigger in enumerate(triggers):
        way = find_cycle(store, workflow, [trigger])
        if way:
            message = f"trigger '{trigger['id']}' closes a circle of workflows: {told(way)}"
            hint = "remove one of their triggers: each of their runs would start another one, without end"
            yield finding("AC130", message, hint, f"/triggers/{position}/after", Severity.ERROR)


def find_cycle(store: Store, workflow: str, triggers: Sequence[JsonObject]) -> tuple[str, ...]:
    """The way by which a workflow with those triggers comes after itself, empty if it does not."""
    ways: list[tuple[str, ...]] = [(workflow, before) for before in _awaited(triggers)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == workflow:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, before) for before in _awaited(live_triggers(store, find_head(store, way[-1])))]
    return ()


def told(way: Sequence[str]) -> str:
    """The circle in words."""
    return ", which comes after ".join(f"'{workflow}'" for workflow in way)


def workflow_cycle(workflow: str, way: Sequence[str]) -> RequestError:
    """409: it would run after itself, by way of another one that was activated meanwhile."""
    return RequestError(
        Problem(
            409,
            "workflow_cycle",
            "Workflows in a circle",
            f"Workflow '{workflow}' is active, but does not wait for others any more: {told(way)}.",
            "Remove one of their workflow triggers, and activate both again.",
        )
    )


def live_triggers(store: Store, head: WorkflowHead | None) -> Sequence[JsonObject]:
    """The triggers of the version that is active or paused."""
    if head is None or head.status not in {"active", "paused"} or head.active_version is None:
        return ()
    version = find_version(store, head.id, head.active_version)
    return () if version is None else version.triggers


def _awaited(triggers: Sequence[JsonObject]) -> list[str]:
    found: list[str] = []
    for trigger in triggers:
        after = trigger.get("after")
        if trigger["type"] == "workflow" and isinstance(after, Sequence) and not isinstance(after, str):
            found += [str(one) for one in after]
    return found


def awaited_by(triggers: Sequence[JsonObject]) -> Mapping[str, Sequence[str]]:
    """What workflow triggers wait for, as `<workflow>|<trigger>`, with the statuses that count."""
    found: dict[str, Sequence[str]] = {}
    for trigger in triggers:
        statuses = trigger.get("status")
        for after in _awaited([trigger]):
            assert isinstance(statuses, Sequence)
            found[f"{after}|{trigger['id']}"] = [str(one) for one in statuses]
    return found
