"""WF684 to WF686: polls without an interval, without a request, or without what tells new from old."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator import nodes as node_types
from translator.checks.facts import Facts
from translator.definition.asking import PollTrigger
from translator.diagnostics import Diagnostic
from translator.error_classes import Validation
from translator.node_type import checked
from translator.schedule import ScheduleSyntaxError, read_rate

INTERVAL: Final = "WF684"
REQUEST: Final = "WF685"
DETECTION: Final = "WF686"
_METHODS: Final = ("GET", "POST")


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each poll trigger."""
    for index, trigger in enumerate(facts.resolved.definition.triggers):
        if not isinstance(trigger, PollTrigger):
            continue
        for code, message, hint, field in (*_interval(trigger), *_request(trigger), *_detection(trigger)):
            position = facts.resolved.positions.at(f"/triggers/{index}/{field}")
            yield Diagnostic(code, message, hint, position)


def _interval(trigger: PollTrigger) -> Iterator[tuple[str, str, str, str]]:
    try:
        read_rate(trigger.every)
    except ScheduleSyntaxError as error:
        message = f'the interval of trigger "{trigger.id}" cannot be read: {error.message}'
        yield INTERVAL, message, error.hint, "every"


def _request(trigger: PollTrigger) -> Iterator[tuple[str, str, str, str]]:
    subject = f'the request of trigger "{trigger.id}"'
    try:
        checked(node_types.load("http_request").Parameters, trigger.request)
    except Validation as error:
        hint = "`steploom explain http_request` shows the parameters"
        yield REQUEST, f"{subject} cannot be sent: {error}", hint, "request"
        return
    method = trigger.request.get("method", "GET")
    if method not in _METHODS:
        message = f"{subject} has the method {method}: what is asked again and again should only read"
        yield REQUEST, message, "write GET, or POST for a search", "request/method"


def _detection(trigger: PollTrigger) -> Iterator[tuple[str, str, str, str]]:
    subject = f'trigger "{trigger.id}" detects what is new by {trigger.detect}'
    if trigger.detect == "cursor" and trigger.cursor is None:
        hint = "name what grows from item to item: `cursor: updated_at`"
        yield DETECTION, f"{subject}, and has no `cursor`", hint, "detect"
    if trigger.detect != "cursor" and trigger.cursor is not None:
        message = f"{subject}, so its `cursor` does nothing"
        yield DETECTION, message, "remove it, or write `detect: cursor`", "cursor"
    if trigger.detect == "key" and trigger.key is None:
        hint = "name what tells items apart: `key: id`; or write `detect: hash`"
        yield DETECTION, f"{subject}, and has no `key`", hint, "detect"
