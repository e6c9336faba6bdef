"""A definition with ten mistakes gives ten messages, each where its mistake is, in every way of writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from translator.compiler import compile_data, compile_text
from translator.diagnostics import Diagnostic, DiagnosticsError

SHAPE: dict[str, Any] = {
    "id": "Order fulfilment",
    "nmae": "Orders",
    "nodes": [
        {"id": "charge", "type": "http_request", "timeout_seconds": "20", "retry_policy": "network"},
        {"id": "charge", "type": "transform", "parameters": {"output": 1}},
        {"id": "ship", "tpye": "transform", "join": "every"},
    ],
    "edges": [{"from": "charge", "to": "ship", "prot": "error"}, {"form": "charge", "to": "ship"}],
    "triggers": [{"id": "new_order", "type": "webhok", "path": "orders"}],
}
"""Mistakes of names, types and fields, which are told before anything is looked up."""

SHAPE_EXPECTED = [
    ("/id", "WF114"),
    ("/nmae", "WF110"),
    ("/nodes/0/timeout_seconds", "WF112"),
    ("/nodes/0/retry_policy", "WF112"),
    ("/nodes/1/id", "WF120"),
    ("/nodes/2/tpye", "WF110"),
    ("/nodes/2/join", "WF113"),
    ("/edges/0/prot", "WF110"),
    ("/edges/1/form", "WF110"),
    ("/triggers/0/type", "WF113"),
]

MEANING: dict[str, Any] = {
    "id": "orders",
    "variables": [{"name": "limit", "value": 3}],
    "triggers": [{"id": "new_order", "type": "manual", "entry": "chrge"}],
    "nodes": [
        {
            "id": "charge",
            "type": "http_request",
            "parameters": {"url": "https://example.com", "mehtod": "POST", "query": [1]},
            "timeout_seconds": 1000,
        },
        {"id": "ask", "type": "http_requset", "parameters": {"url": "https://example.com"}},
        {"id": "wait", "type": "delay", "parameters": {"days": -1}},
        {"id": "tell", "type": "transform", "parameters": {"output": "{% $chrge.body = $limit and ( %}"}},
        {"id": "tally", "type": "set_variable", "parameters": {"values": {"limt": "{% $limmit %}"}}},
    ],
    "edges": [
        {"from": "charge", "to": "wiat"},
        {"from": "wait", "to": "tell", "port": "done"},
        {"from": "ask", "to": "tell"},
        {"from": "wait", "to": "tally", "when": "$limit > 3"},
    ],
}
"""Mistakes of what is looked up, spread over nodes that are wrong themselves."""

MEANING_EXPECTED = [
    ("/triggers/0/entry", "WF208"),
    ("/nodes/0/parameters/mehtod", "WF203"),
    ("/nodes/0/parameters/query", "WF205"),
    ("/nodes/1/type", "WF201"),
    ("/nodes/2/parameters/days", "WF205"),
    ("/nodes/3/parameters/output", "WF252"),
    ("/nodes/4/parameters/values/limt", "WF210"),
    ("/nodes/4/parameters/values/limt", "WF313"),
    ("/edges/0/to", "WF206"),
    ("/edges/1/port", "WF207"),
    ("/edges/3/when", "WF211"),
]

WAYS: dict[str, Callable[[Any], str]] = {
    "block.yaml": lambda data: yaml.safe_dump(data, sort_keys=False),
    "flow.yaml": lambda data: yaml.safe_dump(data, sort_keys=False, default_flow_style=True, width=60),
    "mixed.yml": lambda data: yaml.safe_dump(data, sort_keys=False, default_flow_style=None, width=200),
    "indented.json": lambda data: json.dumps(data, indent=2),
    "one-line.json": json.dumps,
}


def findings(text: str, file_name: str) -> tuple[Diagnostic, ...]:
    try:
        return compile_text(text, file_name=file_name).diagnostics
    except DiagnosticsError as error:
        return error.diagnostics


def found(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(diagnostic.position.pointer, diagnostic.code) for diagnostic in diagnostics]


def written_at(text: str, diagnostic: Diagnostic) -> str:
    line = text.splitlines()[diagnostic.position.line - 1]
    return line[diagnostic.position.column - 1 :].lstrip("\"'")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("data", "expected"), [(SHAPE, SHAPE_EXPECTED), (MEANING, MEANING_EXPECTED)], ids=["shape", "meaning"]
)
def test_every_mistake_is_one_message(
    way: str, data: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    diagnostics = findings(WAYS[way](data), way)
    assert sorted(found(diagnostics)) == sorted(expected)
    places = [(one.position.line, one.position.column) for one in diagnostics]
    assert places == sorted(places)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("data", [SHAPE, MEANING], ids=["shape", "meaning"])
def test_a_message_stands_at_the_key_or_value_that_is_wrong(way: str, data: dict[str, Any]) -> None:
    text = WAYS[way](data)
    inside_expressions = {"WF210", "WF252"}
    for diagnostic in findings(text, way):
        value: Any = data
        for part in diagnostic.position.pointer.split("/")[1:]:
            key = part
            value = value[int(part)] if isinstance(value, list) else value[part]
        here = written_at(text, diagnostic)
        if diagnostic.code in {"WF110", "WF203", "WF313"}:
            assert here.startswith(key)
        elif diagnostic.code in inside_expressions:
            # A folded text has no place for its parts, so there it is the text's own.
            assert here[:1] in {"$", "(", "{"}
        elif isinstance(value, str | int):
            assert here.startswith(str(value)[:5])


@pytest.mark.parametrize(
    ("data", "expected"), [(SHAPE, SHAPE_EXPECTED), (MEANING, MEANING_EXPECTED)], ids=["shape", "meaning"]
)
def test_data_that_was_never_text_has_the_same_mistakes(
    data: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    try:
        diagnostics = compile_data(data).diagnostics
    except DiagnosticsError as error:
        diagnostics = error.diagnostics
    assert sorted(found(diagnostics)) == sorted(expected)
    assert {one.position.line for one in diagnostics} == {0}


def test_every_message_names_what_it_is_about_in_quotes() -> None:
    for data in (SHAPE, MEANING):
        for diagnostic in findings(json.dumps(data), "workflow.json"):
            assert '"' in diagnostic.message, diagnostic


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("retry: {preset: network}", "retry_policy"),
        ("timeout: 5", "timeout_seconds"),
        ("Timeout_Seconds: 5", "timeout_seconds"),
        ("compensate: undo", "compensate_with"),
    ],
)
def test_a_name_that_is_cut_short_or_in_another_case_gets_the_whole_one(written: str, meant: str) -> None:
    text = f"id: hello\nnodes:\n  - {{id: a, type: transform, parameters: {{output: 1}}, {written}}}\n"
    (diagnostic,) = findings(text, "workflow.yaml")
    assert diagnostic.hint == f'did you mean "{meant}"?'


def test_a_preset_without_its_braces_is_put_into_them() -> None:
    node = "{id: a, type: function, parameters: {function: f}, retry_policy: network}"
    (diagnostic,) = findings(f"id: hello\nnodes: [{node}]\n", "workflow.yaml")
    assert diagnostic.hint == "write {preset: network}"
