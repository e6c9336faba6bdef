"""Activation: what it checks, writes and moves, and that it can be cut off anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.activate.dispatch import answer
from functions.node_task.table_workflows import find_in_table
from layers.runtime.errors import PlatformError, RequestError
from layers.runtime.store import Store
from layers.runtime.store.routes import routes_of_path, set_status
from layers.runtime.store.versions import find_source_map, find_version, list_versions
from layers.runtime.store.workflows import (
    Draft,
    WorkflowHead,
    find_head,
    next_change,
    replace_draft,
    update_head,
)
from tests.functions.fake_logs import FakeLogs
from tests.functions.fakes import PREFIX, RECORDER, FakeStepFunctions, definition, refusal

WriteDraft = Callable[..., WorkflowHead]
MACHINE = f"{PREFIX}:stateMachine:main-order-fulfilment"


def rewrite(store: Store, **changes: Any) -> None:
    head = find_head(store, "order-fulfilment")
    assert head is not None
    written = definition(**changes)
    replace_draft(
        store,
        head,
        Draft(json.dumps(written), "json", written["triggers"]),
        next_change(head, "changed", "ann", head.updated_at),
    )


def head_of(store: Store, workflow: str = "order-fulfilment") -> WorkflowHead:
    head = find_head(store, workflow)
    assert head is not None
    return head


def test_an_activation_writes_version_head_route_and_alias(
    activator: Activator, store: Store, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft()
    answered = activate(activator, "order-fulfilment")
    assert (answered["version"], answered["created"]) == (1, True)
    assert answered["webhooks"] == [{"method": "POST", "url": "/webhooks/orders"}]
    assert step_functions.aliases == {f"{MACHINE}:live": f"{MACHINE}:1"}
    assert json.loads(step_functions.machines[MACHINE][0])["Resource"] == activator.parts["NodeTaskFunction"]
    head = head_of(store)
    assert (head.status, head.active_version, head.alias_arn) == ("active", 1, f"{MACHINE}:live")
    [route] = routes_of_path(store, "orders")
    assert (route.workflow, route.trigger, route.alias_arn) == (
        "order-fulfilment",
        "new_order",
        f"{MACHINE}:live",
    )
    source_map = find_source_map(store, "order-fulfilment", 1)
    assert source_map is not None
    assert source_map["states"] == {"Charge the card": {"node": "charge", "role": "task"}}


def test_activating_the_same_definition_again_makes_no_version(
    activator: Activator, store: Store, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft()
    first = activate(activator, "order-fulfilment")
    second = activate(activator, "order-fulfilment")
    assert (second["version"], second["created"]) == (first["version"], False)
    assert len(step_functions.machines[MACHINE]) == 1


def test_a_changed_definition_becomes_the_next_version_and_its_old_paths_are_free_again(
    activator: Activator, store: Store, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft()
    activate(activator, "order-fulfilment")
    trigger = {"id": "new_order", "type": "webhook", "path": "orders/v2"}
    rewrite(store, triggers=[trigger], nodes=[{"id": "refund", "type": "function"}])
    assert activate(activator, "order-fulfilment")["version"] == 2
    assert step_functions.aliases == {f"{MACHINE}:live": f"{MACHINE}:2"}
    assert (routes_of_path(store, "orders"), len(routes_of_path(store, "orders/v2"))) == ((), 1)
    assert [version.number for version in list_versions(store, "order-fulfilment", 10, None).elements] == [
        2,
        1,
    ]


def test_a_path_of_another_workflow_is_refused_and_nothing_is_published(
    activator: Activator, store: Store, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft()
    activate(activator, "order-fulfilment")
    write_draft(id="other")
    with pytest.raises(RequestError, match="'POST /webhooks/orders' belongs to workflow 'order-fulfilment'"):
        activate(activator, "other")
    assert head_of(store, "other").status == "draft"
    assert list(step_functions.machines) == [MACHINE]


@pytest.mark.parametrize(
    "operation", ["create_state_machine", "create_state_machine_alias", "update_state_machine_alias"]
)
def test_an_activation_that_is_cut_off_anywhere_can_be_repeated(
    operation: str,
    activator: Activator,
    store: Store,
    write_draft: WriteDraft,
    step_functions: FakeStepFunctions,
) -> None:
    write_draft()
    if operation == "update_state_machine_alias":
        activate(activator, "order-fulfilment")
        rewrite(store, nodes=[{"id": "refund", "type": "function"}])
    step_functions.failing[operation] = refusal("ServiceUnavailable")
    with pytest.raises(PlatformError, match="ServiceUnavailable"):
        activate(activator, "order-fulfilment")
    step_functions.failing.clear()
    repeated = activate(activator, "order-fulfilment")
    version = find_version(store, "order-fulfilment", head_of(store).active_version or 0)
    assert version is not None
    assert step_functions.aliases == {f"{MACHINE}:live": version.machine_version_arn}
    assert repeated["machine_version_arn"] == version.machine_version_arn


def test_a_machine_left_by_an_activation_that_never_committed_is_updated(
    activator: Activator, store: Store, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft()
    step_functions.create_state_machine(name="main-order-fulfilment", definition="{}")
    assert activate(activator, "order-fulfilment")["machine_version_arn"] == f"{MACHINE}:2"


def test_a_change_between_reading_and_committing_is_not_overwritten(
    activator: Activator, store: Store, write_draft: WriteDraft
) -> None:
    write_draft()

    def compile_slowly(text: str, *, file_name: str, project: str) -> Any:
        rewrite(store, name="Changed meanwhile")
        return activator.compile(text, file_name=file_name, project=project)

    with pytest.raises(RequestError, match="changed by somebody else"):
        activate(replace(activator, compile=compile_slowly), "order-fulfilment")
    assert head_of(store).active_version is None
    assert routes_of_path(store, "orders") == ()


def test_a_paused_workflow_without_a_change_is_opened_again(
    activator: Activator, store: Store, write_draft: WriteDraft
) -> None:
    write_draft()
    activate(activator, "order-fulfilment")
    [route] = routes_of_path(store, "orders")
    pausing = update_head(store, head_of(store), {"status": "paused"}, "2026-01-31T10:00:00.000Z")
    store.table.write([pausing, set_status(store, route, "paused")])
    answered = activate(activator, "order-fulfilment")
    assert (answered["version"], answered["created"]) == (1, False)
    assert (head_of(store).status, routes_of_path(store, "orders")[0].status) == ("active", "active")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"triggers": [{"id": i, "type": "webhook", "path": "x"} for i in ("a", "b")]}, "AC103"),
        ({"triggers": [{"id": f"t{i}", "type": "webhook", "path": f"x{i}"} for i in range(91)]}, "AC104"),
    ],
)
def test_webhooks_that_would_not_do_what_they_say_are_refused_and_named(
    changes: dict[str, Any], code: str, activator: Activator, write_draft: WriteDraft
) -> None:
    write_draft(**changes)
    problem: Any = answer({"action": "activate", "workflow": "order-fulfilment"}, activator)["problem"]
    assert (problem["status"], problem["code"]) == (422, "cannot_activate")
    assert [finding["code"] for finding in problem["diagnostics"]] == [code]


def test_a_workflow_that_does_not_exist_is_a_problem_with_404(activator: Activator) -> None:
    problem: Any = answer({"action": "activate", "workflow": "nowhere"}, activator)["problem"]
    assert (problem["status"], problem["code"]) == (404, "workflow_not_found")


def test_a_check_tells_the_name_and_triggers_and_stores_nothing(activator: Activator, store: Store) -> None:
    request = {"action": "check", "text": json.dumps(definition(triggers=[])), "format": "json"}
    answered: Any = answer(request, activator)
    assert answered["workflow"]["triggers"] == [{"id": "manual", "type": "manual"}]
    assert find_head(store, "order-fulfilment") is None


def test_a_check_of_an_invalid_definition_gives_the_diagnostics(activator: Activator) -> None:
    request = {"action": "check", "text": '{"id": "NO", "nodes": []}', "format": "json"}
    problem: Any = answer(request, activator)["problem"]
    assert (problem["status"], problem["code"], len(problem["diagnostics"])) == (422, "invalid_definition", 2)


def test_another_action_is_a_bug_of_the_caller(activator: Activator) -> None:
    with pytest.raises(ValueError, match="no action 'explode'"):
        answer({"action": "explode"}, activator)


def test_an_express_workflow_gets_a_log_group_that_the_recorder_reads_and_a_machine_that_writes_it(
    activator: Activator, write_draft: WriteDraft, step_functions: FakeStepFunctions, logs: FakeLogs
) -> None:
    write_draft(settings={"type": "express"})
    answered = activate(activator, "order-fulfilment")
    assert str(answered["machine_version_arn"]).startswith(f"{MACHINE}_express:")
    made = step_functions.kinds[f"{MACHINE}_express"]
    group = "/aws/vendedlogs/states/main-order-fulfilment_express"
    assert (made["type"], made["loggingConfiguration"]) == (
        "EXPRESS",
        {
            "level": "ALL",
            "includeExecutionData": True,
            "destinations": [
                {
                    "cloudWatchLogsLogGroup": {
                        "logGroupArn": f"arn:aws:logs:eu-west-1:123456789012:log-group:{group}:*"
                    }
                }
            ],
        },
    )
    assert logs.groups == {group: {"days": 30, "steploom-recorder": ("", RECORDER)}}


def test_a_log_group_that_cannot_be_subscribed_to_stops_the_activation_before_any_machine(
    activator: Activator, write_draft: WriteDraft, step_functions: FakeStepFunctions, logs: FakeLogs
) -> None:
    write_draft(settings={"type": "express"})
    logs.failing = refusal("LimitExceededException")
    problem: Any = answer({"action": "activate", "workflow": "order-fulfilment"}, activator)["problem"]
    assert (problem["status"], problem["code"]) == (502, "log_group_not_made")
    assert step_functions.machines == {}


def test_a_workflow_that_changes_its_type_moves_to_another_machine_and_leaves_no_alias_behind(
    activator: Activator, write_draft: WriteDraft, step_functions: FakeStepFunctions, store: Store
) -> None:
    write_draft()
    activate(activator, "order-fulfilment")
    assert list(step_functions.aliases) == [f"{MACHINE}:live"]
    for kind, alias in (("express", f"{MACHINE}_express:live"), ("standard", f"{MACHINE}:live")):
        rewrite(store, settings={"type": kind}, description=kind)
        activate(activator, "order-fulfilment")
        assert list(step_functions.aliases) == [alias]
        [route] = routes_of_path(store, "orders")
        assert route.alias_arn == alias


def test_the_machines_of_a_workflows_parts_are_made_before_its_own(
    activator: Activator, write_draft: WriteDraft, step_functions: FakeStepFunctions
) -> None:
    write_draft(description="split")
    activate(activator, "order-fulfilment")
    part = f"{PREFIX}:stateMachine:main-order-part-1"
    assert step_functions.machines[part] == [activator.parts["NodeTaskFunction"]]
    assert list(step_functions.machines) == [part, MACHINE]


@pytest.mark.parametrize("kind", ["express", "standard"])
def test_an_active_version_tells_whether_it_is_an_express_one(
    activator: Activator, store: Store, write_draft: WriteDraft, kind: str
) -> None:
    write_draft(settings={"type": kind})
    activate(activator, "order-fulfilment")
    other = find_in_table(store, "order-fulfilment")
    assert other is not None
    assert other.is_express == (kind == "express")


def test_an_active_version_tells_what_a_run_of_it_is_held_to(
    activator: Activator, store: Store, write_draft: WriteDraft
) -> None:
    write_draft(input={"type": "object"})
    activate(activator, "order-fulfilment")
    other = find_in_table(store, "order-fulfilment")
    assert other is not None
    assert other.input_schema == {"type": "object"}
