"""Every handler as Lambda calls it: settings from the environment, clients of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.activate import handler as activate
from functions.api import handler as api
from functions.authorizer import handler as authorizer
from functions.recorder import handler as recorder
from functions.start import handler as start
from functions.webhook import handler as webhook
from layers.runtime.store import Store
from tests.functions.fake_firing import (
    ARCHIVE_ARN,
    BUS,
    BUS_ARN,
    DEAD_STARTS,
    GROUP,
    POLLS,
    SCHEDULER_ROLE,
    STARTS,
    STARTS_URL,
)
from tests.functions.fakes import PREFIX, ROLE, http_event

PRINCIPAL = {"id": "ann", "project": "main", "roles": []}


@pytest.fixture(autouse=True)
def instance(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cold start in the environment of the topology."""
    monkeypatch.setenv("STEPLOOM_ACTIVATE_FUNCTION", "main-activate")
    monkeypatch.setenv("STEPLOOM_BULK_MACHINE", f"{PREFIX}:stateMachine:main--bulk")
    for size in ("", "MEDIUM_", "LARGE_"):
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:node-{size.lower()}"
        monkeypatch.setenv(f"STEPLOOM_NODE_TASK_{size}FUNCTION", arn)
    monkeypatch.setenv("STEPLOOM_BUCKET", "main-steploom-runs")
    monkeypatch.setenv("STEPLOOM_RECORDER_FUNCTION", "arn:aws:lambda:eu-west-1:123456789012:function:rec")
    monkeypatch.setenv("STEPLOOM_MACHINE_ROLE", ROLE)
    monkeypatch.setenv("STEPLOOM_DEVELOPMENT_TOKEN", "s3cret")
    monkeypatch.setenv("STEPLOOM_STARTS_QUEUE", STARTS_URL)
    monkeypatch.setenv("STEPLOOM_BUS", BUS)
    monkeypatch.setenv("STEPLOOM_BUS_ARN", BUS_ARN)
    monkeypatch.setenv("STEPLOOM_ARCHIVE_ARN", ARCHIVE_ARN)
    monkeypatch.setenv("STEPLOOM_STARTS_ARN", STARTS)
    monkeypatch.setenv("STEPLOOM_DEAD_STARTS_ARN", DEAD_STARTS)
    monkeypatch.setenv("STEPLOOM_SCHEDULE_GROUP", GROUP)
    monkeypatch.setenv("STEPLOOM_POLLS_ARN", POLLS)
    monkeypatch.setenv("STEPLOOM_SCHEDULER_ROLE", SCHEDULER_ROLE)
    opened = (activate.activator, api.services, recorder.recorder, start.platform, webhook.reception)
    yield
    for one in opened:
        one.cache_clear()


def test_the_authorizer_lets_the_development_token_in() -> None:
    event = http_event("GET", "/api/workflows", headers={"authorization": "Bearer s3cret"})
    assert authorizer.handler(event, None)["isAuthorized"] is True


def test_the_api_lists_workflows() -> None:
    event = http_event("GET", "/api/workflows")
    event["requestContext"]["authorizer"] = {"lambda": {"principal": PRINCIPAL}}
    answered = api.handler(event, None)
    assert (answered["statusCode"], json.loads(answered["body"])) == (200, {"items": [], "cursor": None})


def test_the_api_answers_a_deployment_that_lacks_a_setting_with_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STEPLOOM_TABLE")
    event = http_event("GET", "/api/workflows")
    event["requestContext"]["authorizer"] = {"lambda": {"principal": PRINCIPAL}}
    answered = api.handler(event, None)
    assert answered["statusCode"] == 500
    assert (
        json.loads(answered["body"])["detail"] == "STEPLOOM_TABLE is not set in this function's environment."
    )


def test_webhook_knows_no_path_in_an_empty_table() -> None:
    assert webhook.handler(http_event("POST", "/webhooks/orders", "{}"), None)["statusCode"] == 404


def test_activate_checks_a_definition_with_the_compiler() -> None:
    text = "id: small\nnodes:\n  - {id: a, type: transform, parameters: {output: 1}}\n"
    answered: Any = activate.handler({"action": "check", "text": text, "format": "yaml"}, None)
    assert answered["workflow"]["id"] == "small"


def test_activate_answers_a_problem_for_a_workflow_that_does_not_exist() -> None:
    answered: Any = activate.handler({"action": "activate", "workflow": "nowhere"}, None)
    assert answered["problem"]["status"] == 404


def test_recorder_leaves_executions_of_others_alone(store: Store) -> None:
    detail = {
        "executionArn": f"{PREFIX}:execution:theirs:1",
        "stateMachineArn": f"{PREFIX}:stateMachine:theirs",
    }
    recorder.handler({"detail": detail}, None)
    assert store.table.get(store.keys.run("1")) is None


def test_start_leaves_a_message_that_is_no_firing_in_the_queue_and_takes_the_others() -> None:
    firing = {
        "workflow": "w",
        "trigger": "t",
        "type": "schedule",
        "identity": "i",
        "scheduled_at": "2026-01-01",
    }
    records = [
        {"messageId": "1", "body": json.dumps(firing), "attributes": {"SentTimestamp": "1769851800000"}},
        {"messageId": "2", "body": "{", "attributes": {"SentTimestamp": "1769851800000"}},
    ]
    assert start.handler({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
