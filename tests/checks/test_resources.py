"""`resources` of a node choose the function that works for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from translator.compiler import Compilation, compile_data
from translator.size_class import SIZE_CLASSES, SizeClass


def of(*nodes: dict[str, Any]) -> Compilation:
    return compile_data({"id": "sized", "nodes": list(nodes)})


def call(**fields: Any) -> dict[str, Any]:
    return {"id": "call", "type": "function", "parameters": {"function": "work"}, **fields}


@pytest.mark.parametrize(("size", "size_class"), SIZE_CLASSES.items())
def test_a_node_is_worked_by_the_function_of_its_size(size: str, size_class: SizeClass) -> None:
    compilation = of(call(resources=size))
    [state] = compilation.machine["States"].values()
    assert state["Arguments"]["FunctionName"] == size_class.placeholder
    assert compilation.manifest.functions == (size_class.function,)
    assert compilation.diagnostics == ()


def test_a_call_costs_by_the_memory_of_its_function() -> None:
    by_size = [of(call(resources=size)).forecast.most_dollars for size in SIZE_CLASSES]
    assert by_size == sorted(set(by_size))
    seconds, price = Decimal("0.2"), Decimal("0.0000133334")
    more = (3_008 - 512) * seconds * price / 1024
    assert abs(by_size[2] - by_size[0] - more) < Decimal("0.0000001")


def test_more_time_than_the_largest_function_has_is_refused_with_the_figures() -> None:
    [found] = of(call(resources="large", timeout_seconds=901)).diagnostics
    assert (found.code, "901" in found.message, "900" in found.message) == ("WF330", True, True)


def test_the_items_of_a_distributed_for_each_are_handled_by_the_function_of_its_size() -> None:
    compilation = of(
        {
            "id": "every",
            "type": "for_each",
            "resources": "large",
            "parameters": {"items": "{% $trigger.body.items %}", "mode": "distributed"},
        },
        {**call(), "parent": "every"},
    )
    assert [one.code for one in compilation.diagnostics] == []
    assert set(compilation.manifest.functions) == {"node_task", "node_task_large"}


def test_resources_of_what_no_function_works_do_nothing() -> None:
    compilation = of({"id": "later", "type": "delay", "parameters": {"seconds": 1}, "resources": "large"})
    assert [one.code for one in compilation.diagnostics] == ["WF331"]
