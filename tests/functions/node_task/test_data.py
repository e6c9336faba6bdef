"""Large parameters and outputs of one invocation of node_task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from functions.node_task.data import INLINE_LIMIT_BYTES
from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.objects import MemoryObjects, ObjectsError
from layers.runtime.references import RESERVED
from translator.error_classes import System, Validation
from translator.json_value import JsonValue
from translator.node_type import Invoking, NodeType, Parameters, RunContext

LINES: list[Any] = [{"amount": number, "text": "x" * 50} for number in range(2_000)]
ORDER: dict[str, Any] = {"id": 7, "lines": LINES, "shop": {"name": "North", "report": "y" * 10_000}}


class Handing(NodeType):
    """Gives what the test says, and remembers its parameters."""

    name: ClassVar[str] = "handing"
    summary: ClassVar[str] = "hands on"
    example: ClassVar[str] = ""
    Parameters: ClassVar[type[Parameters]] = Parameters

    def __init__(self, output: JsonValue) -> None:
        self.output = output
        self.seen: list[Mapping[str, Any]] = []

    def lower(self, parameters: Mapping[str, Any]) -> Invoking:
        return Invoking(dict(parameters))

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        self.seen.append(parameters)
        return self.output


class Bench:
    """node_task with one node type, its records and its objects."""

    def __init__(self, output: JsonValue = None) -> None:
        self.node_type = Handing(output)
        self.records, self.objects = MemoryRecords(), MemoryObjects()

    def output(self, run: str = "main-order-1", **payload: Any) -> Any:
        given = {"project": "main", "node": "fetch", "type": "handing", "node_key": f"{run}/fetch", **payload}
        return invoke_node(given, self.records, lambda: 0.0, lambda _: self.node_type, self.objects)["output"]

    def parameters(self, parameters: JsonValue, run: str = "main-order-1") -> Mapping[str, Any]:
        self.output(run, node_key=f"{run}/next", parameters=parameters, effect="read")
        return self.node_type.seen[-1]


def test_a_small_output_travels_as_it_is() -> None:
    bench = Bench({"id": 7})
    assert bench.output(keep={"id": True}) == {"id": 7}
    assert bench.objects.texts == {}


def test_of_a_large_output_nothing_but_a_reference_travels() -> None:
    bench = Bench(ORDER)
    output = bench.output()
    [key] = bench.objects.texts
    assert key.startswith("main/runs/main-order-1/fetch-")
    assert output[RESERVED]["object"] == key
    assert output[RESERVED]["bytes"] > INLINE_LIMIT_BYTES


def test_of_a_large_output_the_fields_that_are_read_travel_in_their_places() -> None:
    output = Bench(ORDER).output(
        keep={"id": True, "lines": {"amount": True}, "shop": {"report": "reference"}}
    )
    assert output["id"] == 7
    assert output["lines"] == [{"amount": number} for number in range(2_000)]
    assert output["shop"]["report"][RESERVED]["path"] == ["shop", "report"]
    assert "name" not in output["shop"]


def test_a_reference_among_the_parameters_is_made_whole_before_the_node_runs() -> None:
    bench = Bench(ORDER)
    output = bench.output(keep={"id": True, "shop": {"report": "reference"}})
    parameters = bench.parameters(
        {"all": output, "shop": [output["shop"]], "report": output["shop"]["report"]}
    )
    assert parameters == {"all": ORDER, "shop": [ORDER["shop"]], "report": "y" * 10_000}


def test_an_array_that_is_looked_at_and_passed_on_is_kept_whole() -> None:
    keep = {"lines": {"amount": True, RESERVED: "reference"}}
    few: dict[str, Any] = {"lines": LINES[:500], "rest": "z" * INLINE_LIMIT_BYTES}
    assert Bench(few).output(keep=keep)["lines"] == LINES[:500]


def test_a_large_output_of_a_once_node_is_recorded_by_reference_and_repeated() -> None:
    bench = Bench(ORDER)
    first = bench.output(effect="once", keep={"id": True})
    [recorded] = bench.records.outcomes.values()
    assert len(recorded.output) < 500
    bench.node_type.output = "another"
    assert bench.output(effect="once", keep={"id": True}) == first
    assert bench.output(effect="once", keep={"shop": {"name": True}})["shop"]["name"] == "North"


def test_a_lower_limit_of_the_machine_counts() -> None:
    assert RESERVED in Bench("x" * 3_000).output(inline_limit=2_000)


def test_too_much_that_is_read_of_an_output_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(Validation, match=r'"fetch" has .* bytes.*\(lines\).*`resources: small`'):
        Bench({"lines": LINES}).output(keep={"lines": True})


def test_a_reference_into_another_project_is_refused() -> None:
    bench = Bench(ORDER)
    output = bench.output(project="other")
    with pytest.raises(System, match="is none of this project's runs"):
        bench.parameters(output)


def test_data_from_outside_cannot_hold_a_reference() -> None:
    with pytest.raises(Validation, match="the name is reserved"):
        Bench({RESERVED: {"object": "main/runs/main-order-1/secret.json"}}).output()


def test_a_damaged_reference_is_refused() -> None:
    with pytest.raises(Validation, match="the name is reserved"):
        Bench().parameters({RESERVED: 7})


def test_an_object_that_is_gone_is_a_failure_of_the_system() -> None:
    bench = Bench(ORDER)
    output = bench.output()
    bench.objects.texts.clear()
    with pytest.raises(System, match="there is no object"):
        bench.parameters(output)


def test_an_object_that_cannot_be_kept_is_a_failure_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(ORDER)

    def refuse(self: MemoryObjects, key: str, text: str) -> None:
        raise ObjectsError("no room")

    monkeypatch.setattr(MemoryObjects, "put", refuse)
    with pytest.raises(System, match="no room"):
        bench.output()


def test_an_expression_over_fifty_thousand_lines_is_evaluated_where_they_are() -> None:
    bench = Bench({"lines": [{"amount": 2}] * 50_000})
    values = {"fetch": bench.output(), "least": 1}
    source = "$sum($fetch.lines[amount > $least].amount)"
    assert bench.output(node="total", evaluate=source, parameters=values, effect="read") == 100_000


def test_the_value_of_an_expression_may_be_large_itself() -> None:
    bench = Bench(ORDER)
    values = {"fetch": bench.output()}
    output = bench.output(
        node="first", evaluate="$fetch.lines[amount < 1500]", parameters=values, effect="read"
    )
    assert bench.parameters({"lines": output}) == {"lines": LINES[:1500]}


def test_an_expression_that_yields_nothing_gives_null() -> None:
    assert Bench().output(evaluate="$fetch.nowhere", parameters={"fetch": {}}, effect="read") is None


def test_an_expression_that_fails_is_an_error_of_the_node_in_the_evaluators_words() -> None:
    with pytest.raises(Validation, match=r'expression of node "fetch" failed.*T2001'):
        Bench().output(evaluate="$fetch + 1", parameters={"fetch": "x"}, effect="read")


def view(source: str, keep: JsonValue = True) -> dict[str, JsonValue]:
    return {"view_1": {"evaluate": source, "keep": keep}}


def seen(output: Any) -> Any:
    return output[RESERVED]["view_1"]


def test_what_expressions_ask_of_a_large_output_is_worked_out_beside_its_reference() -> None:
    bench = Bench(ORDER)
    output = bench.output(views=view("$count($fetch.lines)"), keep={"id": True})
    assert (output["id"], seen(output)) == (7, "[2000]")
    assert bench.parameters(output) == ORDER


def test_nothing_and_a_failure_are_told_apart() -> None:
    assert seen(Bench(ORDER).output(views=view("$max($fetch.nowhere)"))) == "[]"
    assert seen(Bench(ORDER).output(views=view("$sum($fetch.lines.text)"))).startswith("! T0412")


def test_what_was_worked_out_may_be_large_itself() -> None:
    bench = Bench(ORDER)
    output = bench.output(views=view("$reverse($fetch.lines)", "reference"))
    assert bench.parameters({"lines": json.loads(seen(output))[0]}) == {"lines": LINES[::-1]}


def test_of_a_large_array_it_is_worked_out_too() -> None:
    bench = Bench(LINES)
    output = bench.output(views=view("$count($fetch)"))
    assert seen(output) == "[2000]"
    assert bench.parameters({"lines": output}) == {"lines": LINES}


def test_a_small_output_is_not_asked_anything() -> None:
    assert Bench({"id": 7}).output(views=view("$nonsense(")) == {"id": 7}
