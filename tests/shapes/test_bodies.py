"""What is known of `$item`, of `$index` and of what a body gives."""

from __future__ import annotations

from typing import Any, Final

import pytest

from translator.compiler import compile_data

LINES: Final = {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}}


def codes(*nodes: dict[str, Any], edges: tuple[dict[str, Any], ...] = ()) -> list[str]:
    first = {
        "id": "call",
        "type": "http_request",
        "parameters": {"url": "https://example.com", "response_schema": LINES},
    }
    every = [{"from": "call", "to": "body"}, *edges]
    definition = {"id": "w", "nodes": [first, *nodes], "edges": every}
    found = [each.code for each in compile_data(definition).diagnostics]
    assert all(code.startswith("WF32") for code in found)
    return found


def each(output: str, **parameters: Any) -> dict[str, Any]:
    items = {"items": "{% $call.body %}", **parameters}
    return {"id": "body", "type": "for_each", "parameters": items} | {"name": output}


def inner(output: Any) -> dict[str, Any]:
    return {"id": "one", "parent": "body", "type": "transform", "parameters": {"output": output}}


def last(output: Any) -> dict[str, Any]:
    return {"id": "last", "type": "transform", "parameters": {"output": output}}


THEN: Final = ({"from": "body", "to": "last"},)


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("{% $item.price + $index %}", []),
        ("{% $item.prise %}", ["WF320"]),
        ("{% $uppercase($index) %}", ["WF323"]),
        ("{% $uppercase($item.price) %}", ["WF323"]),
    ],
)
def test_the_item_has_the_shape_of_the_items(output: str, found: list[str]) -> None:
    assert codes(each("Each"), inner(output)) == found


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("{% $body.one.total %}", []),
        ("{% $body.one.totl %}", ["WF320"]),
        ("{% $body.two %}", ["WF320"]),
    ],
)
def test_a_for_each_gives_what_its_last_nodes_give(output: str, found: list[str]) -> None:
    assert codes(each("Each"), inner({"total": "{% $item.price %}"}), last(output), edges=THEN) == found


def test_with_a_tolerance_there_are_items_and_failures() -> None:
    body, one = each("Each", tolerated_failures=1), inner(1)
    assert codes(body, one, last("{% $body.failed.index & $body.items.one %}"), edges=THEN) == []
    assert codes(body, one, last("{% $body.fail %}"), edges=THEN) == ["WF320"]


def test_a_while_reads_what_it_gave_before() -> None:
    condition = "{% $body = null or $body.next > 1 %}"
    body = {"id": "body", "type": "while", "parameters": {"condition": condition, "output": {"next": 1}}}
    assert codes(body, inner("{% $body.next %}")) == []
    assert codes(body, inner("{% $body.nxt %}")) == ["WF320"]
