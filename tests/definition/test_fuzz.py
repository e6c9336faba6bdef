"""Whatever a definition is turned into, reading gives a definition or diagnostics, never anything else."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from translator.definition.reader import read_data, read_definition
from translator.diagnostics.model import Diagnostic, DiagnosticsError
from translator.diagnostics.text import render

GOOD: dict[str, Any] = {
    "id": "order-fulfilment",
    "input": {"type": "object"},
    "variables": [{"name": "threshold", "type": "number", "value": 100}],
    "triggers": [
        {
            "id": "new_order",
            "type": "webhook",
            "path": "orders",
            "verify": {"preset": "github", "secret": "s"},
        },
        {"id": "nightly", "type": "schedule", "cron": "0 2 * * *"},
        {"id": "placed", "type": "event", "pattern": {"source": ["shop"]}},
    ],
    "nodes": [
        {
            "id": "charge",
            "type": "http_request",
            "parameters": {"url": "u"},
            "retry_policy": {"preset": "network"},
        },
        {"id": "ship", "type": "function", "retry_policy": [{"errors": ["*"], "backoff_rate": 2.0}]},
    ],
    "edges": [{"from": "charge", "to": "ship", "when": "{% $charge.paid %}"}],
    "error_handlers": [{"errors": ["*"], "node": "ship"}],
    "on_end": [{"on": "failed", "emit": "order.failed"}],
    "metrics": [{"name": "value", "value": "{% $charge.total %}"}],
    "settings": {"concurrency": {"limit": 1}, "optimize": 2},
    "tests": [{"name": "ships", "mocks": {"charge": {"output": 1}, "ship": [{"error": "E"}]}, "expect": {}}],
}
_YAML = """\
id: order-fulfilment
nodes:
  - id: charge
    type: http_request
    parameters: &parameters {url: "https://example.com/{% $trigger.body.id %}", body: 'a ''b'''}
  - {id: ship, type: function, parameters: *parameters}
output: |
  {% $ship %}
"""
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_WORDS = st.sampled_from(
    ["charge", "sum", "a__b", "webhook", "", "*", "{%", "{% $x %}", "out", "error", "on"]
)
_VALUES = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | _WORDS, inner, max_size=3)
    ),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        found += _paths(item, (*path, key))
    return found


@st.composite
def _mutated(draw: st.DrawFn) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        paths = _paths(data)
        *way, last = draw(st.sampled_from(paths))
        parent: Any = data
        for part in way:
            parent = parent[part]
        match draw(st.sampled_from(["replace", "delete", "add"])):
            case "delete" if len(paths) > 1:
                del parent[last]
            case "add" if isinstance(parent, dict):
                parent[draw(st.text(max_size=6) | _WORDS)] = draw(_VALUES)
            case _:
                parent[last] = draw(_VALUES)
    return data


@st.composite
def _damaged(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        text = (
            text[:start]
            + draw(st.text(max_size=3) | st.sampled_from(list("{}[]:,&*!|>%@`\"'-#\t\n\\?")))
            + text[end:]
        )
    return text


def _read(text: str, file_name: str) -> None:
    diagnostics: tuple[Diagnostic, ...] | None = None
    try:
        read_definition(text, file_name=file_name)
    except DiagnosticsError as error:
        diagnostics = error.diagnostics
    assert diagnostics is None or diagnostics
    for diagnostic in diagnostics or ():
        assert diagnostic.position.line >= 1
        assert diagnostic.hint
    assert bool(render(diagnostics or (), text, file_name)) == bool(diagnostics)


@settings(max_examples=300)
@given(_mutated())
def test_mutated_data_is_read_or_refused(data: dict[str, Any]) -> None:
    text = json.dumps(data)
    try:
        expected = read_data(data).definition
    except DiagnosticsError:
        _read(text, "a.json")
    else:
        assert read_definition(text, file_name="a.json").definition == expected


@settings(max_examples=300)
@given(_damaged(_YAML))
def test_damaged_yaml_is_read_or_refused(text: str) -> None:
    _read(text, "a.yaml")


@settings(max_examples=200)
@given(_damaged(json.dumps(GOOD)))
def test_damaged_json_is_read_or_refused(text: str) -> None:
    _read(text, "a.json")


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    _read(text, "a.yaml")
    _read(text, "a.json")
