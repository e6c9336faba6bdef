"""Compares how a run went with what its test case expects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.definition.model import Expectation
from translator.json_value import JsonValue
from translator.testing.mocks import message_of

TOLERANCE_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went; `statuses` holds the nodes that ran."""

    status: str
    output: JsonValue
    error: str | None
    cause: str | None
    elapsed_seconds: float
    statuses: Mapping[str, str]


def misses(expected: Expectation, outcome: Outcome) -> Iterator[str]:
    """One sentence for each expectation that does not hold; what is not given is not checked."""
    given = expected.model_fields_set
    if expected.status is not None and outcome.status != expected.status:
        yield f"status: expected {expected.status}, was {outcome.status}{_why(outcome)}"
    if "error" in given and outcome.error != expected.error:
        yield f"error: expected {expected.error}, was {outcome.error}{_why(outcome)}"
    if "output" in given and outcome.output != expected.output:
        yield f"output: expected {_text(expected.output)}\n             was {_text(outcome.output)}"
    seconds = expected.elapsed_seconds
    if seconds is not None and abs(outcome.elapsed_seconds - seconds) > TOLERANCE_SECONDS:
        yield f"elapsed_seconds: expected {seconds:g}, was {outcome.elapsed_seconds:g}"
    yield from _node_misses(expected, outcome)


def _node_misses(expected: Expectation, outcome: Outcome) -> Iterator[str]:
    for node in expected.ran or ():
        if node not in outcome.statuses:
            yield f'ran: node "{node}" did not run'
    for node in expected.skipped or ():
        if node in outcome.statuses:
            yield f'skipped: node "{node}" ran and {outcome.statuses[node]}'
    for node in expected.failed or ():
        if outcome.statuses.get(node) != "failed":
            yield f'failed: node "{node}" {outcome.statuses.get(node, "did not run")}'


def _why(outcome: Outcome) -> str:
    return f" ({outcome.error}: {message_of(outcome.cause)})" if outcome.error else ""


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
