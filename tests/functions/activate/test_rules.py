"""Activation makes, changes and removes the rules of event triggers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.activate.activation import Activator, activate
from functions.activate.firing.arming import arm
from layers.runtime.errors import PlatformError, RequestError
from layers.runtime.store import Store
from layers.runtime.store.firing_resources import find_resources
from layers.runtime.store.workflows import (
    Draft,
    WorkflowHead,
    find_head,
    next_change,
    replace_draft,
    update_head,
    write_all,
)
from tests.functions.fake_firing import BUS, DEAD_STARTS, STARTS, FakeEvents
from tests.functions.fakes import definition, refusal

WORKFLOW = "order-fulfilment"
PAID = {"id": "paid", "type": "event", "pattern": {"source": ["shop"], "detail": {"state": ["paid"]}}}
RULE = f"{BUS}|main-order-fulfilment.paid"


@pytest.fixture
def activated(activator: Activator, write_draft: Callable[..., WorkflowHead]) -> Callable[..., None]:
    """Activates the workflow with some triggers."""

    def make(*triggers: Any) -> None:
        write_draft(triggers=list(triggers))
        activate(activator, WORKFLOW)

    return make


def rewrite(store: Store, *triggers: Any) -> None:
    head = find_head(store, WORKFLOW)
    assert head is not None
    written = definition(triggers=list(triggers))
    change = next_change(head, "changed", "ann", head.updated_at)
    replace_draft(store, head, Draft(json.dumps(written), "json", written["triggers"]), change)


def test_an_event_trigger_is_a_rule_that_sends_whole_events_as_firings(
    activated: Callable[..., None], events: FakeEvents
) -> None:
    activated(PAID)
    assert json.loads(events.rules[RULE]["EventPattern"]) == PAID["pattern"]
    assert events.rules[RULE]["State"] == "ENABLED"
    [target] = events.targets[RULE]
    assert (target["Arn"], target["DeadLetterConfig"]) == (STARTS, {"Arn": DEAD_STARTS})
    transformer = target["InputTransformer"]
    assert transformer["InputPathsMap"] == {"id": "$.id"}
    filled = transformer["InputTemplate"].replace("<id>", "e-1").replace("<aws.events.event.json>", "{}")
    assert json.loads(filled) == {
        "workflow": WORKFLOW,
        "trigger": "paid",
        "type": "event",
        "identity": "e-1",
        "event": {},
    }


def test_a_trigger_may_listen_to_another_bus_and_moving_it_leaves_no_rule_behind(
    activated: Callable[..., None], activator: Activator, store: Store, events: FakeEvents
) -> None:
    activated({**PAID, "bus": "shop"})
    assert list(events.rules) == ["shop|main-order-fulfilment.paid"]
    rewrite(store, {**PAID, "bus": "default"})
    activate(activator, WORKFLOW)
    assert list(events.rules) == ["default|main-order-fulfilment.paid"]
    assert find_resources(store, WORKFLOW).rules == {"default|main-order-fulfilment.paid"}


def test_a_bus_that_is_not_there_is_refused_before_anything_is_active(
    activated: Callable[..., None], store: Store
) -> None:
    with pytest.raises(RequestError) as caught:
        activated({**PAID, "bus": "nowhere"})
    [said] = caught.value.problem.diagnostics
    assert said["code"] == "AC120"
    head = find_head(store, WORKFLOW)
    assert head is not None
    assert head.status == "draft"


def test_a_pause_disables_the_rule(
    activated: Callable[..., None], activator: Activator, store: Store, events: FakeEvents
) -> None:
    activated(PAID)
    head = find_head(store, WORKFLOW)
    assert head is not None
    write_all(store, head, [update_head(store, head, {"status": "paused"}, head.updated_at)])
    arm(activator.arming, WORKFLOW)
    assert events.rules[RULE]["State"] == "DISABLED"


@pytest.mark.parametrize("operation", ["put_rule", "put_targets", "remove_targets", "delete_rule"])
def test_an_activation_cut_off_at_its_rules_is_finished_by_the_next(
    operation: str,
    activated: Callable[..., None],
    activator: Activator,
    store: Store,
    events: FakeEvents,
) -> None:
    activated(PAID)
    rewrite(store, {**PAID, "bus": "shop"})
    events.failing[operation] = refusal("InternalException")
    with pytest.raises(PlatformError, match="Activate again"):
        activate(activator, WORKFLOW)
    events.failing.clear()
    activate(activator, WORKFLOW)
    assert list(events.rules) == list(events.targets) == ["shop|main-order-fulfilment.paid"]
