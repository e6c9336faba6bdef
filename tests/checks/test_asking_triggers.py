"""Triggers that wait for other workflows or ask a service: what they may say."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Check
from translator.diagnostics import Severity

NODES = "nodes:\n  - {id: seen, type: transform, parameters: {output: 1}}\n"
POLL = 'id: feed, type: poll, every: 5 minutes, request: {url: "https://example.com"}'


def after(fields: str) -> str:
    return f"triggers:\n  - {{id: both, type: workflow, {fields}}}\n{NODES}"


def poll(fields: str, base: str = POLL) -> str:
    return f"triggers:\n  - {{{base}, {fields}}}\n{NODES}"


def test_triggers_with_all_their_fields_are_fine(check: Check) -> None:
    key = 'key: "{% $item.trigger.body.order %}", within_seconds: 3600, status: [succeeded, failed]'
    assert check(after(f"after: [orders, stock], when: all, {key}")) == []
    assert check(poll("items: orders, key: id, run_per: batch, first: all, max_items: 5")) == []
    assert check(poll('items: "{% $answer.body.list %}", detect: cursor, cursor: updated.at')) == []
    assert check(poll("detect: hash")) == []


def test_a_request_may_read_the_cursor(check: Check) -> None:
    base = POLL.replace("}", ', query: {since: "{% $cursor %}"}}')
    assert check(poll("items: orders, detect: cursor, cursor: at", base)) == []
    (found,) = check(poll("detect: hash", base.replace("$cursor", "$trigger.body")))
    assert found.code == "WF680"
    assert found.message == 'an expression of trigger "feed" reads $trigger, and there is only $cursor'


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ("key: $.id", "neither a path nor one expression"),
        ('key: "{% $item.id %}-{% $item.no %}"', "neither a path nor one expression"),
        ('key: "{% $item.( %}"', "cannot be evaluated"),
        ('key: "{% $answer.body.id %}"', "reads $answer"),
    ],
)
def test_a_key_that_selects_nothing_is_refused(check: Check, fields: str, part: str) -> None:
    (found,) = check(poll(f"items: orders, {fields}"))
    assert found.code == "WF680"
    assert part in found.message


@pytest.mark.parametrize(
    ("fields", "code", "severity"),
    [
        ("after: [hello]", "WF681", Severity.ERROR),
        ("after: [orders, orders]", "WF683", Severity.WARNING),
        ("after: [orders], within_seconds: 60", "WF683", Severity.WARNING),
        ("after: [orders, stock], when: any, key: id", "WF683", Severity.WARNING),
    ],
)
def test_a_workflow_trigger_that_means_nothing_is_told(
    check: Check, fields: str, code: str, severity: Severity
) -> None:
    (found,) = check(after(fields))
    assert (found.code, found.severity) == (code, severity)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (poll("key: id").replace("5 minutes", "30 seconds"), "WF684"),
        (poll("key: id").replace("https:", "ftp:"), "WF685"),
        (poll("key: id").replace("{url:", "{method: DELETE, url:"), "WF685"),
        (poll("items: orders"), "WF686"),
        (poll("items: orders, detect: cursor"), "WF686"),
        (poll("items: orders, key: id, cursor: at"), "WF686"),
    ],
)
def test_a_poll_that_cannot_work_is_refused(check: Check, given: str, code: str) -> None:
    assert [found.code for found in check(given)] == [code]
