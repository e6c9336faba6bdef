"""Activation lets a workflow wait for others, and refuses circles."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.activate.firing.arming import arm
from layers.runtime.errors import RequestError
from layers.runtime.store import Store
from layers.runtime.store.awaited import Awaiting, waiting_for
from layers.runtime.store.firing_resources import NO_RESOURCES, find_resources
from layers.runtime.store.workflows import (
    Draft,
    WorkflowHead,
    find_head,
    next_change,
    replace_draft,
    update_head,
    write_all,
)
from tests.functions.fakes import definition

Activated = Callable[..., None]
NODES = [{"id": "seen", "type": "function"}]


def after(*workflows: str, **fields: Any) -> dict[str, Any]:
    return {"id": "ended", "type": "workflow", "after": list(workflows), **fields}


@pytest.fixture
def activated(activator: Activator, write_draft: Callable[..., WorkflowHead], store: Store) -> Activated:
    """Writes a workflow with some triggers, new or not, and activates it."""

    def make(workflow: str, *triggers: Any) -> None:
        head = find_head(store, workflow)
        if head is None:
            write_draft(id=workflow, name=workflow, triggers=list(triggers), nodes=NODES)
        else:
            rewrite(store, head, triggers)
        activate(activator, workflow)

    return make


def rewrite(store: Store, head: WorkflowHead, triggers: Sequence[Any]) -> None:
    written = definition(id=head.id, triggers=list(triggers), nodes=NODES)
    change = next_change(head, "changed", "ann", head.updated_at)
    replace_draft(store, head, Draft(json.dumps(written), "json", written["triggers"]), change)


def test_an_active_workflow_is_told_of_the_ends_that_it_waits_for(activated: Activated, store: Store) -> None:
    activated("invoice", after("orders", "stock", status=["failed", "timed_out"]))
    expected = [Awaiting("orders", "invoice", "ended", ["failed", "timed_out"])]
    assert list(waiting_for(store, "orders")) == expected
    assert [one.workflow for one in waiting_for(store, "stock")] == ["invoice"]
    assert list(waiting_for(store, "order")) == []


def test_another_version_waits_for_others(activated: Activated, store: Store) -> None:
    activated("invoice", after("orders", "stock"))
    activated("invoice", after("stock", "posting"))
    assert list(waiting_for(store, "orders")) == []
    assert [one.after for name in ("stock", "posting") for one in waiting_for(store, name)] == [
        "stock",
        "posting",
    ]


@pytest.mark.parametrize("status", ["paused", "deleted"])
def test_a_workflow_that_is_not_active_waits_for_nothing(
    activated: Activated, activator: Activator, store: Store, status: Any
) -> None:
    activated("invoice", after("orders"))
    head = find_head(store, "invoice")
    assert head is not None
    write_all(store, head, [update_head(store, head, {"status": status}, head.updated_at)])
    arm(activator.arming, "invoice")
    assert list(waiting_for(store, "orders")) == []
    assert find_resources(store, "invoice") == NO_RESOURCES


def test_a_circle_over_several_workflows_is_refused_with_its_way(activated: Activated, store: Store) -> None:
    activated("orders", after("stock"))
    activated("stock", after("posting"))
    with pytest.raises(RequestError) as refused:
        activated("posting", after("elsewhere", "orders"))
    [told] = refused.value.problem.diagnostics
    assert told["code"] == "AC130"
    assert str(told["message"]).endswith(
        "'posting', which comes after 'orders', which comes after 'stock', which comes after 'posting'"
    )
    assert list(waiting_for(store, "orders")) == []


def test_a_circle_that_two_activations_close_at_once_is_opened_again(
    activated: Activated, activator: Activator, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    activated("stock", after("posting"))
    # As if the other workflow had not been there yet when this one was looked at.
    monkeypatch.setattr("functions.activate.activation.cycle_findings", lambda *_: ())
    with pytest.raises(RequestError) as refused:
        activated("posting", after("stock"))
    assert refused.value.problem.code == "workflow_cycle"
    assert list(waiting_for(store, "stock")) == []
    assert [one.workflow for one in waiting_for(store, "posting")] == ["stock"]
    activated("posting", {"id": "manual", "type": "manual"})
    assert find_resources(store, "posting") == NO_RESOURCES
