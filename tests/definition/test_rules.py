"""Names that clash and fields that do not go together."""

from __future__ import annotations

from typing import Any

import pytest

from translator.definition.names import propose_identifier, propose_name, propose_slug, why_reserved
from translator.definition.positions import Positions
from translator.definition.rules import check_rules
from translator.diagnostics.model import Diagnostic


def _breaches(**data: Any) -> list[Diagnostic]:
    return check_rules(data, Positions())


def _places(**data: Any) -> list[tuple[str, str]]:
    return [(item.code, item.position.pointer) for item in _breaches(**data)]


def test_nodes_and_variables_share_their_names() -> None:
    [breach] = _breaches(nodes=[{"id": "total"}], variables=[{"name": "total"}])
    assert breach.code == "WF120"
    assert breach.message == 'variable "total" has the name of node "total"; both would be read as $total'
    assert breach.hint == 'call one of the two "total_2"'


def test_a_proposed_name_is_not_taken_either() -> None:
    breaches = _breaches(nodes=[{"id": "a"}, {"id": "a"}, {"id": "a_2"}])
    assert [breach.hint for breach in breaches] == ['call one of the two "a_2_2"']


def test_triggers_and_tests_have_names_of_their_own() -> None:
    assert _places(triggers=[{"id": "a"}], nodes=[{"id": "a"}]) == []
    assert _places(triggers=[{"id": "a"}, {"id": "a"}]) == [("WF120", "/triggers/1/id")]
    assert _places(tests=[{"name": "a b"}, {"name": "a b"}]) == [("WF120", "/tests/1/name")]


@pytest.mark.parametrize(
    "name", ["sum", "eval", "states", "trigger", "run", "item", "index", "error", "a__b"]
)
def test_a_reserved_name_is_refused_with_another_proposed(name: str) -> None:
    [breach] = _breaches(nodes=[{"id": name}])
    proposal = breach.hint.split('"')[1]
    assert breach.code == "WF121"
    assert why_reserved(proposal) is None


def test_a_reserved_name_of_a_variable_gets_a_proposal_that_fits_a_value() -> None:
    assert [breach.hint for breach in _breaches(variables=[{"name": "max"}])] == ['call it "max_value"']


@pytest.mark.parametrize(
    ("fields", "count"),
    [({}, 1), ({"cron": "x"}, 0), ({"cron": "x", "rate": "y"}, 1), ({"cron": "x", "rate": None}, 0)],
)
def test_a_schedule_has_exactly_one_time(fields: dict[str, Any], count: int) -> None:
    assert len(_breaches(triggers=[{"id": "nightly", "type": "schedule", **fields}])) == count


def test_only_a_schedule_needs_a_time() -> None:
    assert _places(triggers=[{"id": "a", "type": "manual"}]) == []


def test_an_action_at_the_end_does_exactly_one_thing() -> None:
    actions = [{"on": "failed"}, {"on": "failed", "emit": "a"}, {"on": "failed", "emit": "a", "notify": "b"}]
    assert _places(on_end=actions) == [("WF122", "/on_end/0"), ("WF122", "/on_end/2/notify")]


def test_errors_stand_only_on_edges_of_the_error_port() -> None:
    edge = {"from": "a", "to": "b", "errors": ["Timeout"]}
    assert _places(edges=[edge, {**edge, "port": "error"}]) == [("WF123", "/edges/0/errors")]


@pytest.mark.parametrize(
    ("type_name", "value", "fits"),
    [
        ("number", 1, True),
        ("number", 1.5, True),
        ("number", True, False),
        ("integer", 1.5, False),
        ("string", 1, False),
        ("boolean", False, True),
        ("array", [], True),
        ("object", [], False),
        ("any", [], True),
        ("number", None, True),
        (["number"], "x", True),
    ],
)
def test_a_variable_begins_with_a_value_of_its_type(type_name: Any, value: Any, fits: bool) -> None:
    assert (_places(variables=[{"name": "limit", "type": type_name, "value": value}]) == []) is fits


@pytest.mark.parametrize(
    ("verify", "missing"),
    [
        ({"preset": "none"}, 0),
        ({"preset": "api_key"}, 1),
        ({"preset": "api_key", "secret": "s"}, 0),
        ({"preset": "github"}, 1),
        ({"preset": "github", "secret": "s"}, 0),
        ({"preset": "header"}, 2),
        ({"preset": "header", "secret": "s", "header": "X-Token"}, 0),
        ({"preset": []}, 0),
        ("github", 0),
    ],
)
def test_what_verifies_a_webhook_has_what_it_needs(verify: Any, missing: int) -> None:
    assert _places(triggers=[{"id": "a", "verify": verify}]) == [("WF125", "/triggers/0/verify")] * missing


@pytest.mark.parametrize(
    ("start", "fits"),
    [
        ("2026-01-31T09:00:00Z", True),
        ("2026-01-31T09:00:00+02:00", True),
        ("2026-01-31", False),
        ("soon", False),
    ],
)
def test_a_test_starts_at_a_time_with_its_offset(start: str, fits: bool) -> None:
    assert (_places(tests=[{"name": "t", "start": start}]) == []) is fits


def test_an_attempt_cannot_both_succeed_and_fail() -> None:
    both = {"output": 1, "error": "Timeout"}
    mocks = {"a": both, "b": [{"output": 1}, both], "c": {"error": "Timeout"}}
    assert _places(tests=[{"name": "t", "mocks": mocks}]) == [
        ("WF127", "/tests/0/mocks/a"),
        ("WF127", "/tests/0/mocks/b/1"),
    ]


@pytest.mark.parametrize("value", [None, 5, "a", [5, None, []], {}])
def test_data_of_any_shape_is_passed_over(value: Any) -> None:
    fields = ("nodes", "variables", "triggers", "edges", "on_end", "tests")
    assert [item for item in _breaches(**dict.fromkeys(fields, value)) if item.code != "WF122"] == []


def test_names_are_proposed_from_any_text() -> None:
    assert propose_identifier("Charge Card") == "charge_card"
    assert propose_identifier("chargeCard") == "charge_card"
    assert propose_identifier("2 items") == "node_2_items"
    assert propose_identifier("é") == "node"
    assert propose_slug("Order_Fulfilment 2") == "order-fulfilment-2"
    assert propose_name("sum", {"sum_node"}) == "sum_node_2"
