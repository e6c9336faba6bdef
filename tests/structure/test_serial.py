"""What only makes data needs no branch of its own: its Pass stands before what takes time."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.properties.cases import Case
from tests.properties.verdict import judge
from translator.compiler import Compilation, CompileOptions, compile_data


def work(node: str, **more: Any) -> dict[str, Any]:
    return {"id": node, "type": "function", "parameters": {"function": "work", "arguments": {}}, **more}


def data(node: str, output: Any) -> dict[str, Any]:
    return {"id": node, "type": "transform", "parameters": {"output": output}}


def compiled(
    nodes: list[dict[str, Any]], *edges: str, level: Literal[0, 1] = 1, **when: Any
) -> tuple[dict[str, Any], Compilation]:
    """A workflow of these nodes; an edge is written `from to`, a condition of its own under its target."""
    pairs = [edge.split() for edge in edges]
    listed = [
        {"from": one, "to": other, **({"when": when[other]} if other in when else {})} for one, other in pairs
    ]
    definition = {"id": "serial", "nodes": nodes, "edges": listed}
    return definition, compile_data(definition, options=CompileOptions(optimize=level))


def test_a_fork_into_data_and_work_is_no_fork() -> None:
    definition, found = compiled(
        [work("a"), data("made", "{% $a.v & '!' %}"), work("b"), work("c")], "a made", "a b", "made c", "b c"
    )
    assert list(found.machine["States"]) == ["A", "Made", "B", "C"]
    assert found.diagnostics == ()
    assert not judge(Case(definition)).kind


def test_it_is_as_it_was_structured_at_level_0() -> None:
    _, found = compiled([work("a"), data("made", "{% $a.v & '!' %}"), work("b")], "a made", "a b", level=0)
    assert list(found.machine["States"]) == ["A", "B + Made"]


@pytest.mark.parametrize("output", ["{% $a.v + 1 %}", {"v": "{% $number($a.v) %}"}])
def test_data_that_may_fail_keeps_its_branch(output: Any) -> None:
    """Its failure must not keep the others from beginning."""
    _, found = compiled([work("a"), data("made", output), work("b")], "a made", "a b")
    assert list(found.machine["States"]) == ["A", "B + Made"]


def test_two_branches_that_take_time_keep_their_fork() -> None:
    nodes = [work("a"), data("made", "{% $a.v %}"), work("b"), work("c")]
    _, found = compiled(nodes, "a made", "a b", "a c")
    assert [state["Type"] for state in found.machine["States"].values()][-1] == "Parallel"


def test_what_is_asked_on_the_way_to_data_keeps_its_fork() -> None:
    nodes = [work("a"), data("made", "{% $a.v %}"), work("b")]
    _, found = compiled(nodes, "a made", "a b", made="{% $a.v = 'a' %}")
    assert [state["Type"] for state in found.machine["States"].values()][-1] == "Parallel"


def test_a_race_keeps_its_fork() -> None:
    nodes = [work("a"), data("made", "{% $a.v %}"), work("b"), work("c", join="first")]
    _, found = compiled(nodes, "a made", "a b", "made c", "b c")
    assert "Parallel" in [state["Type"] for state in found.machine["States"].values()]


def test_data_alone_needs_no_fork_at_all() -> None:
    definition, found = compiled(
        [work("a"), *(data(name, f"{{% $a.v & '{name}' %}}") for name in ("b", "c", "d"))],
        *("a b", "a c", "a d"),
    )
    assert list(found.machine["States"]) == ["A", "B", "C", "D"]
    assert not judge(Case(definition)).kind
