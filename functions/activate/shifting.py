"""Moves a workflow between its versions: back to an earlier one, or some of its runs to a second one."""

from __future__ import annotations

from functions.activate.activation import Activator, retire_other, routes_of
from functions.activate.firing.arming import arm
from layers.runtime.arms import Arm, Split
from layers.runtime.json_value import JsonValue
from layers.runtime.problems import workflow_not_active, workflow_not_found
from layers.runtime.step_functions import is_express
from layers.runtime.store.routes import set_split, without
from layers.runtime.store.versions import Switch, Version, find_version, refuse_taken, switch_version
from layers.runtime.store.workflows import WorkflowHead, change_head, find_head, next_change
from layers.runtime.timeline import iso_time
from layers.runtime.version_problems import arms_differ, nothing_before, version_not_found


def roll_back(activator: Activator, workflow: str, number: int | None, by: str) -> dict[str, JsonValue]:
    """Makes an earlier version the active one, the one before the active one if none is named.

    Repeating it does no harm. Raises RequestError 404 or 409 and PlatformError 502. Cut off before the
    alias has moved, runs are recorded as what they are; repeating it moves the alias.
    """
    store = activator.store
    head = _head(activator, workflow)
    wanted = number if number is not None else head.previous_version
    if wanted is None:
        raise nothing_before(workflow)
    version = _version(activator, workflow, wanted)
    if wanted == head.active_version and head.status == "active" and head.split is None:
        activator.machines.point_alias(version.machine_version_arn)
        arm(activator.arming, workflow)
        return _answer(head, version)
    alias_arn = activator.machines.point_alias(version.machine_version_arn, only_if_missing=True)
    routes = routes_of(head, version, alias_arn)
    refuse_taken(store, routes)
    before = None if head.active_version is None else find_version(store, workflow, head.active_version)
    old = routes_of(head, before, alias_arn) if before else ()
    at = iso_time(activator.clock())
    change = next_change(head, "rolled_back", by, at, {"version": wanted, "from": head.active_version})
    switch_version(store, head, version, Switch(routes, without(old, routes)), change)
    activator.machines.point_alias(version.machine_version_arn)
    retire_other(activator, workflow, version)
    arm(activator.arming, workflow)
    return _answer(head, version)


def split(activator: Activator, workflow: str, number: int, weight: int, by: str) -> dict[str, JsonValue]:
    """Sends `weight` of a hundred runs to a second version (A/B); 0 ends it.

    Both must be started in the same way, by the same machine's versions. Raises RequestError 404 or 409.
    """
    head = _head(activator, workflow)
    if head.status != "active" or head.active_version is None:
        raise workflow_not_active(workflow, head.status)
    active = _version(activator, workflow, head.active_version)
    second = _version(activator, workflow, number)
    parted = None if weight == 0 else _split(workflow, active, second, weight)
    routes = routes_of(head, active, head.alias_arn or "")
    at = iso_time(activator.clock())
    change = next_change(head, "split", by, at, {"version": number, "weight": weight})
    values = {"split": None if parted is None else parted.to_json()}
    change_head(
        activator.store, head, values, change, [set_split(activator.store, one, parted) for one in routes]
    )
    activator.machines.point_alias(active.machine_version_arn, split=parted)
    return {**_answer(head, active), "candidate": number if parted else None, "weight": weight}


def _split(workflow: str, active: Version, second: Version, weight: int) -> Split:
    express = is_express(active.machine_version_arn)
    if active.number == second.number:
        raise arms_differ(workflow, f"version {active.number} is the active one itself")
    if express != is_express(second.machine_version_arn):
        raise arms_differ(workflow, "one is an Express workflow, the other is not")
    if list(active.triggers) != list(second.triggers):
        raise arms_differ(workflow, "their triggers differ")
    return Split(_arm(active), _arm(second), weight)


def _arm(version: Version) -> Arm:
    return Arm(version.number, version.machine_version_arn, version.has_input)


def _head(activator: Activator, workflow: str) -> WorkflowHead:
    head = find_head(activator.store, workflow)
    if head is None or head.status == "deleted":
        raise workflow_not_found(workflow)
    return head


def _version(activator: Activator, workflow: str, number: int) -> Version:
    version = find_version(activator.store, workflow, number)
    if version is None:
        raise version_not_found(workflow, number)
    return version


def _answer(head: WorkflowHead, version: Version) -> dict[str, JsonValue]:
    return {
        "workflow": head.id,
        "status": "active",
        "version": version.number,
        "machine_version_arn": version.machine_version_arn,
        "candidate": None,
        "weight": 0,
    }
