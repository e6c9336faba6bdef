"""How much of an output stays inline where several travel together."""

from __future__ import annotations

from typing import Any

import pytest

from translator.compiler import compile_data
from translator.projection.limits import ITEMS_TOGETHER, STATE_BYTES


def definition(count: int, output: Any, edges: list[dict[str, str]] | None = None) -> dict[str, Any]:
    nodes = [
        {"id": f"fetch_{number}", "type": "function", "parameters": {"function": "any"}, "effect": "read"}
        for number in range(count)
    ]
    chain = [{"from": f"fetch_{number}", "to": f"fetch_{number + 1}"} for number in range(count - 1)]
    return {"id": "large", "nodes": nodes, "edges": chain if edges is None else edges, "output": output}


def node(name: str, kind: str, **parameters: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "parameters": parameters}


def limits(value: Any) -> set[int | None]:
    """The limits in the payloads of all Tasks, those in branches too."""
    if isinstance(value, list):
        return set().union(*map(limits, value))
    if not isinstance(value, dict):
        return set()
    if "Payload" in value:
        return {value["Payload"].get("inline_limit")}
    return set().union(*map(limits, value.values()))


def limits_of(count: int, output: Any, edges: list[dict[str, str]] | None = None) -> set[int | None]:
    return limits(compile_data(definition(count, output, edges)).machine)


def test_up_to_three_values_together_need_no_limit_of_their_own() -> None:
    assert limits_of(3, [f"{{% $fetch_{number} %}}" for number in range(3)]) == {None}


def test_many_values_in_one_output_share_what_a_state_can_hold() -> None:
    assert limits_of(8, [f"{{% $fetch_{number} %}}" for number in range(8)]) == {STATE_BYTES // 8}


def test_branches_that_hand_out_many_values_share_it_too() -> None:
    assert limits_of(8, None, edges=[]) == {STATE_BYTES // 8}


@pytest.mark.parametrize(
    "expression",
    ["$count($fetch_0) + $count($fetch_0)", "$fetch_0.a > 1 ? $fetch_0 : $fetch_1", "$fetch_0 = 1"],
)
def test_what_is_only_looked_at_does_not_count(expression: str) -> None:
    assert limits_of(4, [f"{{% {expression} %}}"] * 3) == {None}


def test_a_value_that_is_copied_counts_each_time() -> None:
    copied = {
        "a": "{% $fetch_0.a %}",
        "b": "{% ($x := $fetch_0; [$x, $x]) %}",
        "c": "{% $fetch_0.{'d': d} %}",
    }
    assert limits_of(1, [copied, copied]) == {STATE_BYTES // 8}


def test_a_loop_that_collects_values_has_some_limit() -> None:
    more = [{"port": "more", "when": "{% $count($all) < 5 %}"}]
    nodes = [
        *definition(1, None)["nodes"],
        node("keep", "set_variable", values={"all": "{% $append($all, $fetch_0) %}"}),
        node("enough", "condition", cases=more, default="done"),
        node("told", "transform", output="{% $all %}"),
    ]
    edges = [{"from": "fetch_0", "to": "keep"}, {"from": "keep", "to": "enough"}]
    edges += [{"from": "enough", "port": "more", "to": "fetch_0"}]
    edges += [{"from": "enough", "port": "done", "to": "told"}]
    collecting = {"id": "collecting", "nodes": nodes, "edges": edges}
    collecting["variables"] = [{"name": "all", "type": "array", "value": []}]
    [limit] = limits(compile_data(collecting).machine)
    assert limit is not None
    assert limit < STATE_BYTES // 4


def test_what_each_iteration_gives_is_little_enough_for_a_hundred_of_them() -> None:
    body = {**definition(1, None)["nodes"][0], "parent": "per_item"}
    each = node("per_item", "for_each", items="{% $trigger.body %}", output="{% $fetch_0 %}")
    given = {"id": "iterating", "nodes": [each, body], "edges": []}
    assert limits(compile_data(given).machine) == {STATE_BYTES // ITEMS_TOGETHER}
    each["parameters"]["output"] = "{% $fetch_0.total > 5 %}"
    assert limits(compile_data(given).machine) == {None}
