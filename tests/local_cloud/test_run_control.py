"""Runs that failed or were paused go on through a whole deployment; an HTTP service counts its requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import wait_for
from .counted_service import Platform, nodes, serving

CHECKOUT = """\
id: checkout
variables:
  - {name: carrier, type: string, value: slow}
nodes:
  - id: reserve
    type: http_request
    parameters: {method: POST, url: "URL/reserve", body: "{% $trigger.body %}"}
  - {id: price, type: transform, parameters: {output: "{% {'total': $reserve.body.items * 10} %}"}}
  - {id: dear, type: condition, parameters: {when: "{% $price.total > 20 %}"}}
  - {id: charge, type: http_request, parameters: {method: POST, url: "URL/charge", body: "{% $price %}"}}
  - id: ship
    type: http_request
    retry_policy: {preset: none}
    parameters: {method: POST, url: "{% 'URL/ship/' & $carrier %}", body: "{% $charge.body %}"}
  - {id: mail, type: http_request, parameters: {method: POST, url: "URL/mail", body: "{% $ship.body %}"}}
edges:
  - {from: reserve, to: price}
  - {from: price, to: dear}
  - {from: dear, port: "true", to: charge}
  - {from: charge, to: ship}
  - {from: ship, to: mail}
triggers: [{id: sent, type: webhook, path: checkout}]
output: {shipped: "{% $ship.body %}", paid: "{% $charge.body %}", total: "{% $price.total %}"}
"""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with serving(tmp_path_factory.mktemp("control")) as platform:
        yield platform


@pytest.fixture
def platform(deployment: Platform) -> Platform:
    deployment.service.begin_anew()
    return deployment


@pytest.mark.slow
def test_a_failed_run_goes_on_as_itself_from_the_node_that_failed(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    platform.service.broken = {"/ship/slow"}
    failed = platform.fire("checkout", {"n": 1})
    assert (failed["status"], platform.service.log) == ("failed", ["/reserve", "/charge", "/ship/slow"])
    platform.service.broken = set()
    ended = platform.goes_on(failed["id"], "retry")
    assert (ended["id"], ended["status"], ended["redrives"]) == (failed["id"], "succeeded", 1)
    assert platform.service.log[3:] == ["/ship/slow", "/mail"]
    assert ended["lineage"]["redriven"]["reason"] == "retry"
    assert nodes(ended)[-2:] == [("ship", "succeeded"), ("mail", "succeeded")]
    assert len(ended["timeline"][4]["attempts"]) == 2
    refused = platform.post(f"/api/executions/{failed['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "run_has_succeeded")


@pytest.mark.slow
def test_a_run_is_resumed_with_an_edited_variable_and_nothing_before_it_runs_again(
    platform: Platform,
) -> None:
    platform.deploy(CHECKOUT)
    platform.service.broken = {"/ship/slow"}
    failed = platform.fire("checkout", {"n": 2})
    edited = platform.post(f"/api/executions/{failed['id']}/variables", {"carrier": "fast"}, "PATCH")
    assert (edited.status_code, edited.json()["variables"]) == (200, {"carrier": "fast"})
    ended = platform.goes_on(failed["id"], "retry")
    assert ended["status"] == "succeeded", ended["cause"]
    assert platform.service.log == ["/reserve", "/charge", "/ship/slow", "/ship/fast", "/mail"]
    assert nodes(ended) == [("ship", "succeeded"), ("mail", "succeeded")]
    assert ended["output"]["shipped"]["path"] == "/ship/fast"
    assert (ended["output"]["paid"]["call"], ended["output"]["total"]) == (2, 30)
    lineage = ended["lineage"]
    assert (ended["parent"], lineage["reason"], lineage["by"]) == (failed["id"], "retry", "developer")
    assert {node: pin["status"] for node, pin in lineage["pins"].items()} == dict.fromkeys(
        ["reserve", "price", "dear", "charge"], "succeeded"
    )


@pytest.mark.slow
def test_a_part_of_a_run_runs_again_and_what_acts_once_only_if_it_is_asked_to(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    whole = platform.fire("checkout", {"n": 3})
    again = platform.goes_on(whole["id"], "run-from", {"node": "charge"})
    assert nodes(again) == [("charge", "succeeded"), ("ship", "succeeded"), ("mail", "succeeded")]
    assert platform.service.log == ["/reserve", "/charge", "/ship/slow", "/mail"]
    third = platform.goes_on(
        whole["id"], "run-from", {"node": "ship", "variables": {"carrier": "fast"}, "repeat_once": True}
    )
    assert platform.service.log[4:] == ["/ship/fast", "/mail"]
    assert third["output"]["paid"] == whole["output"]["paid"]
    fourth = platform.goes_on(third["id"], "run-from", {"node": "mail", "repeat_once": True})
    assert platform.service.log[6:] == ["/mail"]
    assert fourth["output"] == third["output"]
    assert fourth["parent"] == third["id"]


@pytest.mark.slow
def test_a_node_is_skipped_or_taken_to_have_given_something(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    platform.service.broken = {"/ship/slow"}
    failed = platform.fire("checkout", {"n": 4})
    skipped = platform.goes_on(failed["id"], "skip", {"node": "ship"})
    assert skipped["status"] == "succeeded"
    assert "shipped" not in skipped["output"]
    assert platform.service.log == ["/reserve", "/charge", "/ship/slow"]
    given = platform.goes_on(failed["id"], "skip", {"node": "ship", "output": {"body": "by hand"}})
    assert (given["status"], given["output"]["shipped"]) == ("succeeded", "by hand")
    assert platform.service.log[3:] == ["/mail"]


@pytest.mark.slow
def test_a_run_goes_on_with_another_definition(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    platform.service.broken = {"/ship/slow"}
    failed = platform.fire("checkout", {"n": 5})
    platform.deploy(CHECKOUT.replace("URL/ship/' & $carrier", "URL/send/' & $string($price.total)"))
    ended = platform.goes_on(failed["id"], "retry", {"version": "active"})
    assert platform.service.log == ["/reserve", "/charge", "/ship/slow", "/send/30", "/mail"]
    assert ended["version"] == failed["version"] + 1


@pytest.mark.slow
def test_what_cannot_go_on_is_refused_with_what_to_do(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    platform.service.items = 1
    run = platform.fire("checkout", {"n": 6})["id"]
    for how, body, code in (
        ("retry", {"version": 99, "node": "charge"}, "version_not_found"),
        ("retry", {"node": "chargd"}, "node_not_found"),
        ("retry", {"node": 5}, "invalid_request"),
        ("run-from", {}, "invalid_request"),
        ("run-from", {"node": "charge"}, "node_cannot_begin"),
        ("run-from", {"node": "price", "variables": {"carier": "x"}}, "cannot_pin"),
        ("run-from", {"node": "price", "variables": {"carrier": 7}}, "cannot_pin"),
        ("skip", {"node": "shop"}, "node_not_found"),
        ("retry", None, "run_has_succeeded"),
    ):
        answered = platform.post(f"/api/executions/{run}/{how}", body)
        assert answered.json()["code"] == code, answered.text
        assert answered.json()["hint"]
    assert platform.post(f"/api/executions/{run}/variables", {"carrier": 7}, "PATCH").status_code == 422
    assert platform.post("/api/executions/nothing/retry").json()["code"] == "run_not_found"


WAITING = """\
id: waiting
nodes:
  - {id: pause, type: delay, parameters: {seconds: 2}}
  - {id: call, type: http_request, retry_policy: {preset: none}, parameters: {method: POST, url: "URL/try"}}
  - {id: told, type: transform, parameters: {output: "{% $error.error %}"}}
edges: [{from: pause, to: call}, {from: call, port: error, to: told}]
triggers: [{id: sent, type: webhook, path: waiting}]
"""
PAUSABLE = """\
id: pausable
variables: [{name: last, type: string, value: last}]
nodes:
  - {id: look, type: http_request, parameters: {method: GET, url: "URL/look"}}
  - {id: act, type: http_request, parameters: {method: POST, url: "URL/act", body: 1}}
  - {id: end, type: http_request, parameters: {method: POST, url: "{% 'URL/' & $last %}", body: 1}}
edges: [{from: look, to: act}, {from: act, to: end}]
triggers: [{id: sent, type: webhook, path: pausable}]
output: "{% $end.body.path %}"
"""


def held_at(platform: Platform, path: str) -> str:
    """A run whose node waits for an answer of the service."""
    platform.deploy(PAUSABLE)
    platform.service.held = {path}
    run = platform.client.fire("pausable", 1)
    wait_for(lambda: path in platform.service.log)
    return run


@pytest.mark.slow
def test_a_run_is_paused_before_its_next_node_acts_and_goes_on_there(platform: Platform) -> None:
    run = held_at(platform, "/act")
    assert platform.post(f"/api/executions/{run}/pause").json()["status"] == "pausing"
    refused = platform.post(f"/api/executions/{run}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "run_is_open")
    platform.service.let_go()
    paused = platform.ended(run)
    assert (paused["status"], paused["error"]) == ("paused", "Steploom.Paused")
    assert platform.service.log == ["/look", "/act"]
    ended = platform.goes_on(run, "resume")
    assert (ended["id"], ended["status"], ended["output"]) == (run, "succeeded", "/last")
    assert platform.service.log == ["/look", "/act", "/last"]
    assert platform.post(f"/api/executions/{run}/resume").json()["code"] == "run_not_paused"


@pytest.mark.slow
def test_what_may_be_repeated_is_cut_short_at_once(platform: Platform) -> None:
    run = held_at(platform, "/look")
    platform.post(f"/api/executions/{run}/pause")
    assert platform.ended(run)["status"] == "paused"
    platform.service.let_go()
    assert platform.goes_on(run, "resume")["status"] == "succeeded"
    assert platform.service.log == ["/look", "/look", "/act", "/last"]


@pytest.mark.slow
def test_a_paused_run_goes_on_with_another_value_or_not_at_all(platform: Platform) -> None:
    run = held_at(platform, "/act")
    platform.post(f"/api/executions/{run}/pause")
    platform.service.let_go()
    assert platform.ended(run)["status"] == "paused"
    ended = platform.goes_on(run, "resume", {"variables": {"last": "other"}})
    assert (ended["parent"], ended["lineage"]["reason"], ended["output"]) == (run, "resume", "/other")
    assert platform.service.log == ["/look", "/act", "/other"]
    assert platform.post(f"/api/executions/{run}/cancel").json()["status"] == "cancelled"
    assert platform.ended(run)["status"] == "cancelled"


@pytest.mark.slow
def test_pausing_is_taken_back_before_it_has_taken_effect(platform: Platform) -> None:
    run = held_at(platform, "/act")
    platform.post(f"/api/executions/{run}/pause")
    assert platform.post(f"/api/executions/{run}/resume").json()["status"] == "running"
    platform.service.let_go()
    assert platform.ended(run)["status"] == "succeeded"
    assert platform.service.log == ["/look", "/act", "/last"]


@pytest.mark.slow
def test_one_node_runs_by_itself_with_what_the_others_are_taken_to_have_given(platform: Platform) -> None:
    platform.deploy(CHECKOUT)
    tested = platform.post(
        "/api/workflows/checkout/nodes/ship/test",
        {"pins": {"charge": {"body": "paid"}}, "variables": {"carrier": "fast"}},
    )
    assert (tested.status_code, tested.json()["status"]) == (200, "succeeded"), tested.text
    assert tested.json()["output"]["body"]["path"] == "/ship/fast"
    assert tested.json()["input"]["body"] == "paid"
    platform.service.broken = {"/mail"}
    failed = platform.post("/api/workflows/checkout/nodes/mail/test").json()
    assert (failed["status"], failed["error"]) == ("failed", "System")
    price = platform.post(
        "/api/workflows/checkout/nodes/price/test", {"pins": {"reserve": {"body": {"items": 7}}}}
    )
    assert price.json()["output"] == {"total": 70}
    assert platform.service.log[0] == "/ship/fast"
    assert set(platform.service.log[1:]) == {"/mail"}
    refused = platform.post("/api/workflows/checkout/nodes/shop/test")
    assert (refused.status_code, refused.json()["code"]) == (422, "node_not_found")
    wrong = platform.post("/api/workflows/checkout/nodes/ship/test", {"pins": {"chargd": 1}})
    assert wrong.json()["code"] == "node_not_found"


@pytest.mark.slow
def test_a_run_tells_what_it_waits_for_what_failed_and_what_it_cost(platform: Platform) -> None:
    platform.deploy(WAITING)
    platform.service.broken = {"/try"}
    run = platform.client.fire("waiting", 1)

    def look(query: str = "") -> Any:
        return platform.post(f"/api/executions/{run}/timeline{query}", method="GET").json()

    seen = wait_for(lambda: found if (found := look())["waiting_for"] else None)
    assert [(one["node"], one["why"]) for one in seen["waiting_for"]] == [("pause", "time")]
    changed = look(f"?after={seen['cursor']}&wait=20")
    assert (changed["cursor"] != seen["cursor"], changed["waiting_for"]) == (True, [])
    ended = platform.ended(run)
    assert ended["errors"] == {"System": 1}
    same = look(f"?after={look()['cursor']}&wait=1")
    assert same["final"] is True
    cost = platform.post(f"/api/executions/{run}/cost", method="GET").json()
    assert cost["figures"]["transitions"] == 3
    assert cost["figures"]["calls"] == 1
    assert cost["parts"]["transitions"] == pytest.approx(3 * 0.000025)
    assert cost["total"] == pytest.approx(sum(cost["parts"].values()))


ENDING = """\
id: ending
nodes:
  - {id: call, type: http_request, retry_policy: {preset: none}, parameters: {method: POST, url: "URL/end"}}
triggers: [{id: sent, type: webhook, path: ending}]
on_end: [{"on": failed, start: follow-up}, {"on": succeeded, start: nobody}]
"""
FOLLOW_UP = """\
id: follow-up
nodes:
  - id: tell
    type: http_request
    parameters: {method: POST, url: "{% 'URL/told/' & $trigger.body.run.status %}"}
"""


@pytest.mark.slow
def test_a_run_that_fails_starts_what_its_workflow_says(platform: Platform) -> None:
    platform.deploy(FOLLOW_UP)
    platform.deploy(ENDING)
    platform.service.broken = {"/end"}
    assert platform.fire("ending", 1)["status"] == "failed"
    wait_for(lambda: "/told/failed" in platform.service.log)
    assert platform.service.log == ["/end", "/told/failed"]
