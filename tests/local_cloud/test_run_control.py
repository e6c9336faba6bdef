"""Runs that failed go on, through a whole deployment; an HTTP service keeps count of what was asked of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import yaml

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.platform.client import ApiClient

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


@dataclass
class Service:
    """An HTTP service that logs every request, and answers 500 to the paths that are broken."""

    url: str = ""
    log: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    items: int = 3

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        self.log.append(path)
        if path in self.broken:
            return 500, {"error": "broken"}
        return 200, {"path": path, "items": self.items, "call": len(self.log)}

    @contextmanager
    def serving(self) -> Iterator[Service]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, body = service.answer(self.path)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                del format, args

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield self
        server.shutdown()
        server.server_close()


@dataclass
class Platform:
    """A deployment with the service that its workflows call."""

    client: ApiClient
    service: Service

    def deploy(self, text: str) -> None:
        definition = yaml.safe_load(text.replace("URL", self.service.url))
        self.client.deploy(definition["id"], json.dumps(definition))

    def fire(self, path: str, body: Any) -> Any:
        return self.ended(self.client.fire(path, body))

    def ended(self, run: str) -> Any:
        return self.client.ended(run, lambda _: None)

    def post(self, path: str, body: Any = None, method: str = "POST") -> Any:
        headers = {"Authorization": f"Bearer {self.client.token}"}
        return requests.request(method, self.client.url + path, json=body, headers=headers, timeout=30)

    def goes_on(self, run: str, how: str, body: Any = None) -> Any:
        answered = self.post(f"/api/executions/{run}/{how}", body)
        assert answered.status_code == 202, answered.text
        return self.ended(answered.json()["run"])


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("control")
    settings = LocalSettings(folder / "data", 0, 0, workflows_folder=folder, concurrency=2, warm=False)
    with Service().serving() as service, LocalCloud(settings) as running:
        running.wait_until_ready()
        yield Platform(ApiClient(running.front_url, running.development_token), service)


@pytest.fixture
def platform(deployment: Platform) -> Platform:
    deployment.service.log.clear()
    deployment.service.broken = set()
    deployment.service.items = 3
    return deployment


def nodes(run: Any) -> list[tuple[str, str]]:
    return [(node["node"], node["status"]) for node in run["timeline"]]


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
        ("retry", {"node": 5}, "unfit_body"),
        ("run-from", {}, "unfit_body"),
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
