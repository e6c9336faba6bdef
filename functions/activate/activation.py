"""Checks definitions, and activates drafts: machine, version, routes and alias, repeatable at any point."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from functions.activate.compilation import Compilation, Compile, compile_whole, to_json
from functions.activate.firing.arming import Arming, arm
from functions.activate.firing.bus_rules import bus_findings
from functions.activate.firing.cycles import cycle_findings
from functions.activate.machines import Machines
from functions.activate.trials import Trial, trial_findings, try_out
from functions.activate.webhook_rules import findings
from layers.runtime.executions import Clock
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.problems import cannot_activate, workflow_not_found
from layers.runtime.step_functions import is_express, machine_name
from layers.runtime.store import Store
from layers.runtime.store.routes import Route, routes_of_version, without
from layers.runtime.store.versions import (
    Compiled,
    Switch,
    Version,
    activate_version,
    find_version,
    refuse_taken,
    reopen,
)
from layers.runtime.store.workflows import (
    TestsPolicy,
    WorkflowHead,
    find_draft,
    find_head,
    next_change,
)
from layers.runtime.timeline import iso_time
from layers.runtime.version_problems import refuse_unapproved, tests_failed
from translator.diagnostics import Diagnostic, Severity
from translator.testing.case import Compiled as Testable

_STRICTNESS: Final[Sequence[TestsPolicy]] = ("off", "warn", "required")


@dataclass(frozen=True, slots=True)
class Activator:
    """Everything that activation needs."""

    store: Store
    machines: Machines
    compile: Compile
    parts: Mapping[str, str]
    """By the name of its placeholder in a machine what this deployment's part is called: an ARN, a bucket."""
    clock: Clock
    arming: Arming
    ticks: Callable[[], float] = time.monotonic
    """Seconds that only grow, for what must not take long."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants something activated, and how strict its tests are to be at least."""

    by: str = ""
    tests: TestsPolicy = "off"


_NOBODY: Final = Order()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that compiles, beside what is active now."""

    head: WorkflowHead
    active: Version | None
    compiled: Compiled
    express: bool
    parts: Mapping[str, str]
    """By name the machines that parts of it run in, as they are given to Step Functions."""
    triggers: Sequence[JsonObject]
    trigger_keep: JsonValue
    concurrency: JsonObject | None
    on_end: Sequence[JsonObject]
    warnings: Sequence[Diagnostic]
    compilation: Compilation


def check(compile_: Compile, text: str, form: str, project: str) -> dict[str, JsonValue]:
    """What a definition is called and how it starts, with warnings; raises RequestError (422)."""
    compiled = compile_whole(compile_, text, form, project)
    definition = compiled.definition
    return {
        "workflow": {
            "id": definition.id,
            "name": definition.name or definition.id,
            "description": definition.description,
            "triggers": compiled.triggers,
        },
        "diagnostics": to_json((*compiled.diagnostics, *findings(definition))),
    }


def activate(activator: Activator, workflow: str, order: Order = _NOBODY) -> dict[str, JsonValue]:
    """Makes the draft what runs; without a change since the active version it only opens that one again.

    Before that it must be approved and its tests pass, where the workflow's policy says so.

    Raises RequestError 404, 409, 413, 422 and PlatformError 502; what was active before then still is. Where
    only what fires its triggers could not be made (`schedule_not_made`, …), the new version is active.
    """
    candidate = _candidate(activator, workflow)
    active = candidate.active
    if active is not None and active.digest == candidate.compiled.digest:
        _open_again(activator, candidate.head, active, order)
        arm(activator.arming, workflow)
        return _answer(candidate, active, created=False)
    refuse_unapproved(candidate.head)
    trials = _tried(activator, candidate, order)
    found = tuple(trial_findings(trials, required=False))
    candidate = replace(candidate, warnings=(*candidate.warnings, *found))
    version = _activate_new(activator, candidate, order)
    arm(activator.arming, workflow)
    return {**_answer(candidate, version, created=True), "tests": [trial.to_json() for trial in trials]}


def _tried(activator: Activator, candidate: Candidate, order: Order) -> tuple[Trial, ...]:
    policy = max(candidate.head.tests, order.tests, key=_STRICTNESS.index)
    if policy == "off":
        return ()
    trials = try_out(cast("Testable", candidate.compilation), activator.ticks)
    if policy == "required" and any(trial.status == "failed" for trial in trials):
        raise tests_failed(to_json(tuple(trial_findings(trials, required=True))))
    return trials


def _candidate(activator: Activator, workflow: str) -> Candidate:
    head = find_head(activator.store, workflow)
    draft = find_draft(activator.store, workflow)
    if head is None or draft is None or head.status == "deleted":
        raise workflow_not_found(workflow)
    compiled = compile_whole(activator.compile, draft.text, draft.format, activator.store.project)
    found = (
        *findings(compiled.definition),
        *bus_findings(compiled.definition, activator.arming.rules),
        *cycle_findings(activator.store, head.id, compiled.triggers),
    )
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise cannot_activate(to_json(errors))
    return Candidate(
        head=head,
        active=_active_version(activator.store, head),
        compiled=Compiled(
            draft,
            deployed(activator, compiled.machine),
            compiled.source_map,
            compiled.definition.input,
        ),
        express=compiled.machine_type == "EXPRESS",
        parts={name: deployed(activator, part) for name, part in compiled.parts.items()},
        triggers=compiled.triggers,
        trigger_keep=compiled.trigger_keep,
        concurrency=compiled.concurrency,
        on_end=compiled.on_end,
        warnings=(*compiled.diagnostics, *found),
        compilation=compiled.compilation,
    )


def deployed(activator: Activator, machine: str) -> str:
    """The machine with the names of this deployment's parts."""
    for placeholder, name in activator.parts.items():
        machine = machine.replace(f"${{{placeholder}}}", name)
    return machine


def _active_version(store: Store, head: WorkflowHead) -> Version | None:
    return None if head.active_version is None else find_version(store, head.id, head.active_version)


def _activate_new(activator: Activator, candidate: Candidate, order: Order) -> Version:
    """Publishes first, then commits, then moves the alias: until the commit nothing that runs has changed.

    Cut off after the commit, the alias still leads to the version before, whose runs are recorded as such;
    the next activation finds nothing new and moves it. A workflow whose type has changed has another
    machine; the alias of the one before goes, so that nobody starts what is no longer active.
    """
    store, head = activator.store, candidate.head
    number = head.latest_version + 1
    name = machine_name(store.project, head.id, express=candidate.express)
    refuse_taken(store, routes_of_version(head.id, number, "", candidate.triggers))
    for part, text in candidate.parts.items():
        activator.machines.keep_part(part, text)
    version_arn = activator.machines.publish(name, candidate.compiled.machine)
    alias_arn = activator.machines.point_alias(version_arn, only_if_missing=True)
    version = Version(
        number=number,
        created_at=iso_time(activator.clock()),
        digest=candidate.compiled.digest,
        machine_version_arn=version_arn,
        triggers=candidate.triggers,
        trigger_keep=candidate.trigger_keep,
        has_input=candidate.compiled.input_schema is not None,
        concurrency=candidate.concurrency,
        on_end=candidate.on_end,
    )
    routes = routes_of(head, version, alias_arn)
    before = candidate.active
    old = routes_of(head, before, alias_arn) if before else ()
    change = next_change(head, "activated", order.by, version.created_at, {"version": number})
    activate_version(store, head, version, candidate.compiled, Switch(routes, without(old, routes)), change)
    activator.machines.point_alias(version_arn)
    retire_other(activator, head.id, version)
    return version


def retire_other(activator: Activator, workflow: str, active: Version) -> None:
    """Takes away the alias of the other machine, of a workflow whose type has changed."""
    express = is_express(active.machine_version_arn)
    activator.machines.retire_alias(machine_name(activator.store.project, workflow, express=not express))


def _open_again(activator: Activator, head: WorkflowHead, active: Version, order: Order) -> None:
    alias_arn = activator.machines.point_alias(active.machine_version_arn, split=head.split)
    retire_other(activator, head.id, active)
    if head.status == "paused":
        routes = routes_of(head, active, alias_arn)
        at = iso_time(activator.clock())
        reopen(activator.store, head, routes, next_change(head, "opened", order.by, at))


def routes_of(head: WorkflowHead, version: Version, alias_arn: str) -> tuple[Route, ...]:
    """The webhooks of a version, as they start its runs."""
    return routes_of_version(
        head.id,
        version.number,
        alias_arn,
        version.triggers,
        has_input=version.has_input,
        concurrency=version.concurrency,
    )


def _answer(candidate: Candidate, version: Version, *, created: bool) -> dict[str, JsonValue]:
    webhooks = routes_of_version(candidate.head.id, version.number, "", version.triggers)
    return {
        "workflow": candidate.head.id,
        "status": "active",
        "version": version.number,
        "created": created,
        "machine_version_arn": version.machine_version_arn,
        "webhooks": [{"method": route.method, "url": f"/webhooks/{route.path}"} for route in webhooks],
        "diagnostics": to_json(candidate.warnings),
        "tests": [],
    }
