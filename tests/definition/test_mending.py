"""One mistake in the shape does not hide those in the parameters, the edges and the expressions."""

from __future__ import annotations

import pytest

from translator.compiler import compile_text
from translator.diagnostics import DiagnosticsError


def _codes(text: str) -> list[tuple[str, int]]:
    try:
        found = compile_text(text).diagnostics
    except DiagnosticsError as error:
        found = error.diagnostics
    return [(each.code, each.position.line) for each in found if each.severity == "error"]


def test_every_kind_of_mistake_is_told_at_once_in_the_order_of_the_text() -> None:
    text = """id: hello
nodes:
  - {id: ask, type: http_request, parameters: {url: "https://example.com", metod: GET}, retry_polcy: {}}
  - {id: say, type: transform, timeout_seconds: ten, parameters: {output: "{% 1 + %}"}}
  - {id: say, type: transform, parameters: {output: 1}}
edges:
  - {from: ask, to: nowhere}
tests:
  - {name: fine, expect: {status: suceeded}}
"""
    assert _codes(text) == [
        ("WF203", 3),
        ("WF110", 3),
        ("WF112", 4),
        ("WF252", 4),
        ("WF120", 5),
        ("WF206", 7),
        ("WF113", 9),
    ]


NODE = '  - {id: say, type: transform, parameters: {output: "{% $size %}"}}\n'
TWO_NODES = """id: hello
nodes:
  - {{id: {id}, type: {type}, parameters: {{seconds: 1}}}}
  - {{id: on, type: delay, parameters: {{seconds: 1}}}}
edges:
  - {{from: {id}, port: {port}, to: on}}
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"id: hello\nvariabels:\n  - {{name: size, value: 1}}\nnodes:\n{NODE}", "WF110"),
        (f'id: hello\nvariables:\n  - {{name: "size ", value: 1}}\nnodes:\n{NODE}', "WF114"),
        ("id: hello\nnodes:\n  - {id: say, type: transform, paramters: {output: 1}}\n", "WF110"),
        (TWO_NODES.format(id="Say", type="delay", port="out"), "WF114"),
        (TWO_NODES.format(id="say", type="delay", port="true"), "WF112"),
    ],
)
def test_a_mistake_that_others_lean_on_is_told_without_its_echoes(text: str, code: str) -> None:
    assert {found for found, _ in _codes(text)} == {code}


def test_a_field_that_goes_with_the_one_it_stands_in_is_no_trouble() -> None:
    text = (
        "id: hello\nnodes:\n  - {id: say, type: transform, retry_policy: [{errors: 1, max_attempts: x}, 2], "
        'parameters: {output: "{% 1 + %}"}}\n'
    )
    assert "WF112" in {code for code, _ in _codes(text)}
