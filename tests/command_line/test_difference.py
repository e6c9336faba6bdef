"""diff: what is not as it was, which states that touches, and what callers notice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from translator.compiler import compile_text
from translator.difference.breaking import breaking_changes
from translator.difference.narrowing import narrowings
from translator.difference.parts import changes
from translator.difference.states import state_changes, touched_by

Steploom = Callable[..., Result]

OLD = """\
id: shop
variables: [{name: rate, value: 2}]
triggers:
  - {id: bought, type: webhook, path: orders}
  - {id: by_hand, type: manual}
nodes:
  - {id: priced, type: transform, name: Price it, parameters: {output: "{% $rate * $trigger.body.n %}"}}
  - {id: paid, type: http_request, name: Take the money, parameters: {url: "https://example.com/pay"}}
  - {id: sent, type: http_request, name: Send it, parameters: {url: "https://example.com/send"}}
edges:
  - {from: priced, to: paid}
  - {from: paid, to: sent}
output: {price: "{% $priced %}", parcel: {number: "{% $sent.body %}", state: sent}}
"""


def edited(*edits: tuple[str, str]) -> str:
    text = OLD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def listed(*edits: tuple[str, str]) -> dict[str, list[str]]:
    """The changes as their signs, kinds and names, each with the states that it touches."""
    old, new = compile_text(OLD), compile_text(edited(*edits))
    states = state_changes(old, new)
    return {
        f"{change.sign} {change.kind} {change.name}": [
            f"{state.sign} {state.name}" for state in touched_by(change, states)
        ]
        for change in changes(old.definition, new.definition)
    }


def breaks(*edits: tuple[str, str]) -> tuple[str, ...]:
    return breaking_changes(compile_text(OLD), compile_text(edited(*edits)))


def test_a_definition_does_not_differ_from_itself(retrying: Path, steploom: Steploom) -> None:
    result = steploom("diff", retrying, retrying, "--check")
    assert (result.exit_code, result.stdout) == (0, "no difference\n")


def test_another_order_of_the_text_is_no_difference() -> None:
    first, second = OLD.index("  - {from: priced"), OLD.index("  - {from: paid")
    end = OLD.index("output: {price")
    assert listed((OLD[first:end], OLD[second:end] + OLD[first:second])) == {}


def test_a_changed_parameter_touches_the_states_of_its_node_alone() -> None:
    assert listed(("/pay", "/charge")) == {"~ node paid": ["~ Take the money"]}


def test_a_new_node_with_its_edges_touches_what_leads_to_it() -> None:
    node = "  - {id: told, type: delay, name: Wait a bit, parameters: {seconds: 1}}\nedges:\n"
    found = listed(
        ("edges:\n", node), ("from: paid, to: sent", "from: paid, to: told}\n  - {from: told, to: sent")
    )
    assert found["+ node told"] == ["+ Wait a bit"]
    assert "~ Take the money" in found["+ edge paid → told"]
    assert set(found) == {"+ node told", "+ edge paid → told", "+ edge told → sent", "- edge paid → sent"}


def test_a_variable_touches_the_states_that_hold_or_read_it() -> None:
    found = listed(("name: rate, value: 2", "name: rate, value: 3"))
    assert found == {"~ variable rate": ["~ Price it"]}


def test_triggers_and_the_workflow_itself_are_told() -> None:
    found = listed(("path: orders", "path: buy"), ("id: shop", "id: shop\ndescription: sells"))
    assert list(found) == ["~ trigger bought", "~ workflow shop"]


def test_handlers_in_another_order_are_a_change_because_the_first_that_fits_counts() -> None:
    more = "".join(f"  - {{id: {name}, type: transform, parameters: {{output: 1}}}}\n" for name in "xy")
    text = edited(("edges:\n", f"{more}edges:\n"))
    handlers = [f"{{errors: [Timeout], node: {name}}}" for name in "xy"]
    old, new = (f"{text}error_handlers: [{', '.join(order)}]\n" for order in (handlers, handlers[::-1]))
    (change,) = changes(compile_text(old).definition, compile_text(new).definition)
    assert change.details == ("error_handlers: x, y → y, x",)


def test_the_command_tells_fields_states_and_breaks(tmp_path: Path, steploom: Steploom) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(OLD)
    new.write_text(edited(("/pay", "/charge"), ("path: orders", "path: buy")))
    result = steploom("diff", old, new)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "~ trigger bought",
        '    path: "orders" → "buy"',
        "~ node paid",
        '    parameters.url: "https://example.com/pay" → "https://example.com/charge"',
        "    states: ~ Take the money",
        "",
        "Breaks callers:",
        '  ! POST /webhooks/orders is gone: the trigger "bought" is now POST /webhooks/buy',
    ]
    assert steploom("diff", old, new, "--check").exit_code == 1


@pytest.mark.parametrize("bad_one", ["old", "new"])
def test_a_mistake_in_either_exits_with_2_and_names_the_file(
    bad_one: str, tmp_path: Path, steploom: Steploom
) -> None:
    for name in ("old", "new"):
        (tmp_path / f"{name}.yaml").write_text(OLD)
    bad = tmp_path / f"{bad_one}.yaml"
    bad.write_text(edited(("$rate *", "$rat *")))
    result = steploom("diff", tmp_path / "old.yaml", tmp_path / "new.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{bad}:7:" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "break_"),
    [
        ("  - {id: bought, type: webhook, path: orders}\n", "", "POST /webhooks/orders is gone"),
        ("path: orders", "path: orders, method: PUT", 'the trigger "bought" is now PUT /webhooks/orders'),
        (
            "path: orders",
            "path: orders, content_type: application/json",
            "takes only application/json, was anything",
        ),
        ("path: orders", "path: orders, max_body_bytes: 10", "takes at most 10 bytes, was 200,000"),
        ("path: orders", "path: orders, answer: result", "answers otherwise (result, was accepted)"),
        ("  - {id: by_hand, type: manual}\n", "", 'the trigger "by_hand" (manual) is gone'),
        ("id: shop", "id: store", 'the workflow "shop" is called "store"'),
        ("state: sent", "status: sent", "output.parcel.state is gone"),
        ('output: {price: "{% $priced %}"', 'output: {cost: "{% $priced %}"', "output.price is gone"),
        (OLD[OLD.index("output: {price") :], 'output: "{% $paid %}"', "output is another expression"),
    ],
)
def test_callers_are_told_of(old: str, new: str, break_: str) -> None:
    (found,) = breaks((old, new))
    assert break_ in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: bought", "id: ordered"),
        ("path: orders", "path: orders, max_body_bytes: 300000"),
        ("state: sent", "state: sent, by: post"),
        ("/pay", "/charge"),
    ],
)
def test_callers_are_not_bothered_with(old: str, new: str) -> None:
    assert breaks((old, new)) == ()


def test_without_an_output_of_its_own_the_last_nodes_are_what_callers_read() -> None:
    bare = OLD[: OLD.index("output: {price")]
    more = "  - {id: told, type: delay, parameters: {seconds: 1}}\nedges:\n  - {from: sent, to: told}\n"
    old, new = compile_text(bare), compile_text(bare.replace("edges:\n", more))
    assert breaking_changes(old, new) == ("output.sent is gone",)


ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "maxLength": 9}, "n": {"type": "number"}},
}


def order_with(**changed: Any) -> dict[str, Any]:
    return {**ORDER, **changed}


@pytest.mark.parametrize(
    ("new", "narrower"),
    [
        (order_with(required=["id", "n"]), ['input needs "n"']),
        (order_with(additionalProperties=False), ["input takes no other fields"]),
        (
            order_with(properties={**ORDER["properties"], "n": {"type": "integer"}}),
            ["input.n may no longer be number"],
        ),
        (
            order_with(properties={"id": {"type": "string", "maxLength": 5}}),
            ["input.id has maxLength 5, was 9"],
        ),
        (
            order_with(properties={**ORDER["properties"], "n": {"type": "number", "minimum": 1}}),
            ["input.n has minimum 1, was none"],
        ),
        (
            order_with(properties={**ORDER["properties"], "to": {"enum": ["IT"]}}),
            ["input.to must be one of 1 values"],
        ),
        (order_with(patternProperties={}), ['input has another "patternProperties"']),
        (order_with(required=[]), []),
        (order_with(title="An order"), []),
        (order_with(properties={"id": {"type": ["string", "null"]}}), []),
        (None, []),
    ],
)
def test_an_input_that_takes_less_is_told(new: dict[str, Any] | None, narrower: list[str]) -> None:
    assert list(narrowings(ORDER, new)) == narrower


def test_an_input_that_was_not_checked_before_is_narrower_wherever_it_is_checked() -> None:
    assert list(narrowings(None, {"type": "object", "required": ["id"]})) == [
        'input needs "id"',
        "input must be object",
    ]


def test_a_field_that_was_refused_and_is_taken_now_is_no_narrowing() -> None:
    closed = order_with(additionalProperties=False)
    opened = {**closed, "properties": {**ORDER["properties"], "to": {"type": "string"}}}
    assert list(narrowings(closed, opened)) == []
