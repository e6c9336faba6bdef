"""Express where nothing speaks against it, and the node that does is named."""

from __future__ import annotations

import pytest

from translator.compiler import Compilation, compile_data
from translator.diagnostics import DiagnosticsError

LOOK = {"id": "look", "type": "http_request", "parameters": {"url": "https://example.com"}}
PAY = {"id": "pay", "type": "http_request", "parameters": {"url": "https://example.com", "method": "POST"}}
PUT = {**PAY, "effect": "idempotent"}
SLOW = {**LOOK, "timeout_seconds": 600}


def nap(seconds: object) -> dict[str, object]:
    return {"id": "nap", "type": "delay", "parameters": {"seconds": seconds}}


def compiled(kind: str, *nodes: object) -> Compilation:
    return compile_data({"id": "some", "nodes": list(nodes), "settings": {"type": kind}})


def test_a_workflow_is_standard_unless_it_says_otherwise() -> None:
    compilation = compile_data({"id": "some", "nodes": [LOOK]})
    assert compilation.machine_type == "STANDARD"
    assert compilation.diagnostics == ()


@pytest.mark.parametrize("nodes", [[LOOK], [PUT], [LOOK, nap(300)]])
def test_auto_is_express_where_nothing_speaks_against_it(nodes: list[object]) -> None:
    compilation = compiled("auto", *nodes)
    assert compilation.machine_type == "EXPRESS"
    [note] = compilation.diagnostics
    assert (note.code, note.severity) == ("WF371", "note")
    assert note.message.startswith("it becomes an Express workflow")
    assert compiled("express", *nodes).machine_type == "EXPRESS"
    assert compiled("express", *nodes).diagnostics == ()


@pytest.mark.parametrize(
    ("node", "pointer", "why"),
    [
        (PAY, "/nodes/1", 'node "pay" has the effect "once"'),
        ({**LOOK, "id": "see", "effect": "once"}, "/nodes/1/effect", 'node "see" has the effect "once"'),
        (nap(301), "/nodes/1", 'node "nap" waits 301 seconds'),
    ],
)
def test_what_express_cannot_do_makes_auto_standard_and_is_refused_for_express(
    node: object, pointer: str, why: str
) -> None:
    auto = compiled("auto", LOOK, node)
    assert auto.machine_type == "STANDARD"
    assert why in auto.diagnostics[0].message
    assert auto.diagnostics[0].position.pointer == pointer
    express = compiled("express", LOOK, node)
    [error] = express.diagnostics
    assert (error.code, error.position.pointer) == ("WF370", pointer)
    assert why in error.message
    with pytest.raises(DiagnosticsError):
        _ = express.machine


@pytest.mark.parametrize("node", [SLOW, nap("{% $trigger.body.seconds %}")])
def test_what_may_take_too_long_makes_auto_standard_and_is_left_to_whoever_says_express(
    node: object,
) -> None:
    assert compiled("auto", node).machine_type == "STANDARD"
    assert compiled("express", node).machine_type == "EXPRESS"
    assert compiled("express", node).diagnostics == ()


def test_of_several_reasons_the_first_is_told_and_the_others_are_counted() -> None:
    [note] = compiled("auto", LOOK, PAY, nap(900)).diagnostics
    assert 'node "pay"' in note.message
    assert note.message.endswith(", and 1 more")
    assert [one.code for one in compiled("express", LOOK, PAY, nap(900)).diagnostics] == ["WF370", "WF370"]
