"""What node_task does before and behind a `for_each` whose iterations are executions of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.objects import MemoryObjects
from layers.runtime.references import RESERVED
from translator.error_classes import NodeError, System, Validation

FOLDER = "main/runs/main-w-1/every/run-1/"
MANIFEST = f"{FOLDER}manifest.json"


class Bench:
    """The function with the objects of one run."""

    def __init__(self) -> None:
        self.objects = MemoryObjects()

    def invoke(self, **payload: Any) -> Any:
        about = {"project": "main", "node": "every", "type": "for_each", "node_key": "main-w-1/every"}
        given = {**about, "effect": "idempotent", **payload}
        return invoke_node(given, MemoryRecords(), lambda: 0.0, objects=self.objects)

    def write(self, succeeded: list[Any], failed: list[Any] | None = None) -> None:
        """As the service writes results: a file for each way in which executions end."""
        files: dict[str, list[Any]] = {"SUCCEEDED": [], "FAILED": [], "PENDING": []}
        for status, values in (("SUCCEEDED", succeeded), ("FAILED", failed or [])):
            if values:
                key = f"{FOLDER}{status}_0.jsonl"
                self.objects.put(key, "\n".join(map(json.dumps, values)))
                files[status].append({"Key": key, "Size": 1})
        self.objects.put(MANIFEST, json.dumps({"ResultFiles": files}))

    def gather(self, form: dict[str, Any] | None = None, **payload: Any) -> Any:
        parameters = {"manifest": MANIFEST, **payload.pop("parameters", {})}
        return self.invoke(gather={"name": "Every", **(form or {})}, parameters=parameters, **payload)


def succeeded(index: int, value: Any) -> dict[str, Any]:
    return {"index": index, "item": [value]}


def failed(index: int, error: str) -> dict[str, Any]:
    """As the service describes an execution that failed."""
    return {"Input": json.dumps({"index": index}), "Error": error, "Status": "FAILED", "Name": "x"}


def test_results_stand_in_the_order_of_their_items() -> None:
    bench = Bench()
    bench.write([succeeded(2, "c"), succeeded(0, ["a"]), succeeded(1, None)])
    assert bench.gather() == {"output": [["a"], None, "c"]}


def test_executions_that_took_several_items_give_their_results_one_by_one() -> None:
    bench = Bench()
    bench.write([[succeeded(2, 3)], [succeeded(0, 1), succeeded(1, 2)]])
    assert bench.gather() == {"output": [1, 2, 3]}


def test_no_execution_gives_no_result() -> None:
    bench = Bench()
    bench.write([])
    assert bench.gather() == {"output": []}
    assert bench.gather({"tolerates": True}) == {"output": {"items": [], "failed": []}}


def test_failures_stand_beside_the_results_with_their_places() -> None:
    bench = Bench()
    bench.write([succeeded(1, "b")], [failed(2, "Network"), failed(0, "NoStock")])
    failures = [{"error": "NoStock", "index": 0}, {"error": "Network", "index": 2}]
    assert bench.gather({"tolerates": True}) == {"output": {"items": ["b"], "failed": failures}}


@pytest.mark.parametrize(
    ("bound", "refused"),
    [
        ({"most_failed": 1}, True),
        ({"most_failed": 2}, False),
        ({"most_failed_percentage": 66}, True),
        ({"most_failed_percentage": 67}, False),
    ],
)
def test_more_failures_inside_batches_than_are_tolerated_fail_the_node(
    bound: dict[str, Any], refused: bool
) -> None:
    bench = Bench()
    told = [{"failed": {"error": "Network", "index": index}} for index in (0, 2)]
    bench.write([[told[0], succeeded(1, "b")], [told[1]]])
    form = {"tolerates": True, **bound}
    if not refused:
        assert bench.gather(form, errors=["TooManyFailed"])["output"]["items"] == ["b"]
        return
    with pytest.raises(NodeError, match='iterations of "Every" failed') as caught:
        bench.gather(form, errors=["TooManyFailed"])
    assert type(caught.value).__name__ == "TooManyFailed"


def test_a_large_list_is_a_reference_with_what_is_read_of_it_worked_out() -> None:
    bench = Bench()
    bench.write([succeeded(index, {"n": index, "text": "x" * 5_000}) for index in range(100)])
    views = {"view_1": {"evaluate": "$sum($every.n)", "keep": True}}
    part = bench.gather(views=views)["output"][RESERVED]
    assert part["view_1"] == "[4950]"
    assert json.loads(bench.objects.get(part["object"]))[99]["n"] == 99


def test_a_result_that_is_a_reference_is_made_whole() -> None:
    bench = Bench()
    bench.objects.put("main/runs/main-w-1/ask/0-1.json", json.dumps({"lines": [1, 2]}))
    bench.write([succeeded(0, {RESERVED: {"object": "main/runs/main-w-1/ask/0-1.json", "bytes": 15}})])
    assert bench.gather() == {"output": [{"lines": [1, 2]}]}


def test_results_that_the_functions_memory_cannot_hold_are_a_typed_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1")
    bench = Bench()
    bench.write([succeeded(index, "x" * 1_000) for index in range(300)])
    with pytest.raises(Validation, match="Let the node's `output` give less of each"):
        bench.gather()


def test_variables_have_what_iterations_gave_them_whatever_they_are_called() -> None:
    bench = Bench()
    bench.write(
        [{"result__": succeeded(index, index), "total": 10 + index, "failed": [index]} for index in (1, 0, 2)]
    )
    form = {"variables": {"total": "$total + $sum([0, $states.result.(total - $total)])"}}
    given = bench.gather(form, parameters={"before": {"total": 10}})
    assert given == {"output": [0, 1, 2], "variables": {"total": 13}}


def test_variables_that_no_state_can_hold_are_a_typed_error_that_says_what_to_do() -> None:
    bench = Bench()
    bench.write([{"result__": succeeded(0, 1), "all": ["x" * 300_000]}])
    form = {"variables": {"all": "$states.result.all"}}
    with pytest.raises(Validation, match="Let the node's `output` give it"):
        bench.gather(form, parameters={"before": {"all": []}})


def test_a_manifest_outside_of_the_projects_runs_is_not_read() -> None:
    bench = Bench()
    bench.objects.put("other/runs/manifest.json", "{}")
    with pytest.raises(System, match="none of this project's runs"):
        bench.gather(parameters={"manifest": "other/runs/manifest.json"})


def items(bench: Bench, source: str, keep: Any = "reference", **parameters: Any) -> Any:
    key = bench.invoke(items={"evaluate": source, "keep": keep}, parameters=parameters)["output"]
    return json.loads(bench.objects.get(key))


@pytest.mark.parametrize(
    ("source", "kept"),
    [("[1, 2]", [1, 2]), ("null", []), ("$order.nothing", []), ("7", [7]), ("[[1, 2]]", [[1, 2]])],
)
def test_items_are_kept_as_a_list_whatever_the_expression_gives(source: str, kept: Any) -> None:
    assert items(Bench(), source, order={"id": 1}) == kept


def test_items_of_a_large_output_are_read_where_it_is() -> None:
    bench = Bench()
    bench.objects.put("main/runs/main-w-1/fetch-1.json", json.dumps({"lines": list(range(1_000))}))
    order = {RESERVED: {"object": "main/runs/main-w-1/fetch-1.json", "bytes": 4_000}}
    assert items(bench, "$order.lines[$ > 997]", order=order) == [998, 999]


def test_a_large_item_is_an_object_of_its_own_with_what_is_read_of_it_beside() -> None:
    bench = Bench()
    order = [{"id": 1, "text": "x" * 70_000}, {"id": 2, "text": "y"}]
    large, small = items(bench, "$order", {"id": True, "text": "reference"}, order=order)
    assert small == order[1]
    assert (large["id"], json.loads(bench.objects.get(large[RESERVED]["object"]))) == (1, order[0])


def test_an_item_of_which_too_much_is_read_is_a_typed_error_that_names_it() -> None:
    with pytest.raises(Validation, match='item 1 of node "every" has 70,008 bytes'):
        items(Bench(), "$order", {"n": True}, order=[{"n": 1}, {"n": "x" * 70_000}])


def test_an_item_with_the_reserved_name_is_refused() -> None:
    with pytest.raises(Validation, match="the name is reserved"):
        items(Bench(), f'[{{"{RESERVED}": 1}}]')
