"""Whole definitions are read, or refused with every mistake at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from translator.definition.reader import read_data, read_definition
from translator.diagnostics.model import Diagnostic, DiagnosticsError

GOOD: Mapping[str, Any] = {
    "id": "order-fulfilment",
    "variables": [{"name": "threshold", "type": "number", "value": 100}],
    "triggers": [{"id": "new_order", "type": "webhook", "path": "orders"}],
    "nodes": [
        {"id": "charge", "type": "http_request", "retry_policy": {"preset": "network"}},
        {"id": "ship", "type": "function", "retry_policy": [{"errors": ["*"]}]},
    ],
    "edges": [{"from": "charge", "to": "ship"}],
    "metrics": [{"name": "value", "value": "{% $charge.total %}"}, {"name": "one", "value": 1}],
    "settings": {"timeout_seconds": 60},
    "tests": [
        {
            "name": "ships",
            "mocks": {"charge": {"output": 1}, "ship": [{"error": "Timeout"}, {}]},
            "expect": {},
        }
    ],
}


def _refused(text: str, file_name: str | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as caught:
        read_definition(text, file_name=file_name)
    return caught.value.diagnostics


def _with(**fields: Any) -> str:
    return json.dumps({**GOOD, **fields})


def _only(text: str) -> tuple[str, str, str, str]:
    [diagnostic] = _refused(text)
    return diagnostic.code, diagnostic.position.pointer, diagnostic.message, diagnostic.hint


def test_yaml_json_and_python_data_give_the_same_definition() -> None:
    text = json.dumps(GOOD, indent=1)
    as_yaml = read_definition(text, file_name="a.yaml").definition
    assert read_definition(text, file_name="a.json").definition == as_yaml
    assert read_definition(text).definition == as_yaml
    assert read_data(GOOD).definition == as_yaml


def test_a_definition_can_be_written_and_read_again() -> None:
    definition = read_data(GOOD).definition
    again = definition.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert read_data(again).definition == definition


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read_definition("\ufeff" + json.dumps(GOOD)).definition.id == "order-fulfilment"


def test_the_name_of_a_file_decides_between_yaml_and_json() -> None:
    assert _refused("{id: a}", "a.yaml")[0].code == "WF111"
    assert _refused("{id: a}", "a.json")[0].code == "WF101"
    assert _refused("id: a", "a.json")[0].code == "WF101"
    assert "JSON" in _refused("{id: a}")[0].message


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_text() -> None:
    found = _refused("""\
id: Order
nmae: Orders
nodes:
  - {id: sum, type: 7}
  - {id: sum}
edges:
  - {from: sum}
""")
    assert [(item.code, item.position.line) for item in found] == [
        ("WF114", 1),
        ("WF110", 2),
        ("WF121", 4),
        ("WF112", 4),
        ("WF111", 5),
        ("WF120", 5),
        ("WF121", 5),
        ("WF111", 7),
    ]


def test_a_misspelt_field_is_met_with_the_nearest_one() -> None:
    nodes = [{"id": "charge", "type": "function", "timeout": 5}]
    assert _only(_with(nodes=nodes)) == (
        "WF110",
        "/nodes/0/timeout",
        'node "charge" has an unknown field "timeout"',
        'did you mean "timeout_seconds"?',
    )


def test_a_parameter_on_the_node_itself_is_sent_to_its_parameters() -> None:
    assert '"parameters"' in _only(_with(nodes=[{"id": "charge", "type": "function", "url": "x"}]))[3]


def test_fields_of_nested_objects_are_known_too() -> None:
    tests = [{"name": "t", "mocks": {"charge": [{"outptu": 1}]}, "expect": {}}]
    code, pointer, message, hint = _only(_with(tests=tests))
    assert (code, pointer) == ("WF110", "/tests/0/mocks/charge/0/outptu")
    assert message == '"mocks.charge[0]" of test "t" has an unknown field "outptu"'
    assert hint == 'did you mean "output"?'


def test_a_field_of_a_trigger_that_is_called_like_its_type_is_placed_right() -> None:
    triggers = [{"id": "hook", "type": "webhook", "webhook": {"path": 1}, "path": 5}]
    found = _refused(_with(triggers=triggers))
    assert {(item.code, item.position.pointer) for item in found} == {
        ("WF110", "/triggers/0/webhook"),
        ("WF112", "/triggers/0/path"),
    }


@pytest.mark.parametrize(
    ("policy", "code", "pointer"),
    [
        ({"preset": "netwrok"}, "WF113", "/nodes/0/retry_policy/preset"),
        ({}, "WF111", "/nodes/0/retry_policy/preset"),
        ([{"errors": []}], "WF116", "/nodes/0/retry_policy/0/errors"),
        ([{"errors": ["*"], "max_attempts": 200}], "WF115", "/nodes/0/retry_policy/0/max_attempts"),
        ("network", "WF112", "/nodes/0/retry_policy"),
    ],
)
def test_of_a_retry_policy_only_the_form_that_was_written_is_judged(
    policy: Any, code: str, pointer: str
) -> None:
    nodes = [{"id": "charge", "type": "function", "retry_policy": policy}]
    assert _only(_with(nodes=nodes))[:2] == (code, pointer)


@pytest.mark.parametrize(
    ("trigger", "code", "hint"),
    [
        ({"id": "a", "type": "webhok"}, "WF113", 'did you mean "webhook"?'),
        (
            {"id": "a", "type": 5},
            "WF113",
            'it may be "webhook", "manual", "schedule", "event", "poll" or "workflow"',
        ),
        ({"id": "a"}, "WF111", 'it may be "webhook", "manual", "schedule", "event", "poll" or "workflow"'),
        ("webhook", "WF112", "write fields and values: `name: value`"),
    ],
)
def test_a_trigger_of_no_known_type_is_told_which_there_are(trigger: Any, code: str, hint: str) -> None:
    found = _only(_with(triggers=[trigger]))
    assert (found[0], found[3]) == (code, hint)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("20", "write it without quotes"),
        (20.0, "write 20"),
        (None, None),
        (True, "write a whole number"),
        ([20], "write a whole number"),
    ],
)
def test_types_are_not_converted(value: Any, hint: str | None) -> None:
    text = _with(nodes=[{"id": "charge", "type": "function", "timeout_seconds": value}])
    if hint is None:
        assert read_definition(text).definition.nodes[0].timeout_seconds is None
    else:
        assert _only(text) == (*_only(text)[:3], hint)
        assert _only(text)[0] == "WF112"


def test_no_wording_of_the_libraries_reaches_the_author() -> None:
    found = _refused(_with(nodes=[{"id": 1}], edges=5, settings={"optimize": 7}, tests=[{"mocks": {"A": 1}}]))
    words = " ".join(f"{item.message} {item.hint}" for item in found).lower()
    assert not any(
        word in words for word in ("input should", "pydantic", "tagged-union", "extra inputs", "tuple")
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"id": float("nan")}, "WF107"),
        ({"id": 10**400}, "WF107"),
        ({1: 2}, "WF106"),
        ({"id": {1, 2}}, "WF107"),
        ({"id": "\ud800"}, "WF109"),
        ([], "WF103"),
        (None, "WF102"),
    ],
)
def test_python_data_that_is_no_json_is_refused(value: object, code: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        read_data(value)
    assert code in {diagnostic.code for diagnostic in caught.value.diagnostics}


def test_python_data_that_holds_itself_is_refused() -> None:
    value: dict[str, Any] = {}
    value["nodes"] = value
    with pytest.raises(DiagnosticsError) as caught:
        read_data(value)
    assert caught.value.diagnostics[-1].code == "WF108"


def test_a_definition_does_not_change_with_the_data_it_was_read_from() -> None:
    data = json.loads(json.dumps(GOOD))
    definition = read_data(data).definition
    data["nodes"][0]["id"] = "changed"
    assert definition.nodes[0].id == "charge"


@pytest.mark.parametrize("junk", ["\x00", "a\x1bb", "\ud800", "id: \x08"])
def test_a_text_that_is_no_text_is_refused_where_it_stops_being_one(junk: str) -> None:
    [diagnostic] = _refused(f"id: a\n{junk}")
    assert (diagnostic.code, diagnostic.position.line) == ("WF109", 2)


def test_a_text_that_is_far_too_long_is_refused_before_it_is_read() -> None:
    assert _refused("a: " + "x" * 5_000_001)[0].code == "WF108"


@pytest.mark.parametrize("secret", [False, 5, {"name": "hook"}])
def test_a_secret_in_no_known_form_is_told_which_there_are(secret: Any) -> None:
    hook = {"id": "a", "type": "webhook", "path": "a", "verify": {"preset": "github", "secret": secret}}
    text = json.dumps({"id": "x", "triggers": [hook], "nodes": [{"id": "b", "type": "transform"}]})
    found = [(one.code, one.hint) for one in _refused(text) if "secret" in one.message]
    assert found == [("WF112", "write the secret's name or a list of names")]
