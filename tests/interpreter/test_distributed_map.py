"""The distributed Map: child executions, readers, batches, tolerated failures, written results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from translator.interpreter import (
    Execution,
    InvalidDefinition,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

from .conftest import Runner

_DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
_READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "Arguments": {"Bucket": "data", "Key": "{% $states.input.key %}"},
}
_WRITER = {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "out", "Prefix": "runs/"}}
_ONE: Mapping[str, Any] = {"One": {"Type": "Pass", "End": True}}
_TASK: Mapping[str, Any] = {"One": {"Type": "Task", "Resource": Runner.lambda_invoke, "End": True}}
_FAILING_TWO: Mapping[str, Any] = {
    "Ask": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input = 2 %}", "Next": "Bad"}],
        "Default": "Good",
    },
    "Bad": {"Type": "Fail", "Error": "Two", "Cause": "is bad"},
    "Good": {"Type": "Succeed"},
}


def _map(states: Mapping[str, Any] = _ONE, **fields: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": _DISTRIBUTED, "StartAt": next(iter(states)), "States": states}
    return {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}


def _body(text: str) -> Callable[[TaskRequest], TaskAnswer]:
    return lambda _request: TaskAnswer(TaskSucceeded({"Body": text}))


def _drive(execution: Execution, answer: Callable[[TaskRequest], TaskAnswer]) -> Execution:
    run_virtual(execution, answer)
    return execution


def test_each_item_runs_in_a_child_execution_with_a_history_of_its_own(runner: Runner) -> None:
    execution = runner.run(_map(Label="Each"), [1, 2])
    assert execution.output == [1, 2]
    assert runner.kinds(execution) == [
        *("ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted"),
        *("MapRunSucceeded", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"),
    ]
    (run,) = execution.map_runs
    assert run.arn.startswith("arn:aws:states:eu-west-1:111122223333:mapRun:orders/Each:")
    assert (run.status, run.counts(items=True)) == ("SUCCEEDED", {"SUCCEEDED": 2})
    child = run.children[1]
    assert child.arn == f"arn:aws:states:eu-west-1:111122223333:execution:orders/Each:{child.name}"
    assert [event["type"] for event in child.history] == [
        *("ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"),
    ]
    assert (child.input, child.output) == ("2", "2")


def test_a_child_reads_no_outer_variable_and_its_own_context(runner: Runner) -> None:
    seen = {"there": "{% $exists($x) %}", "id": "{% $states.context.Execution.Id %}"}
    states = {
        "Set": {"Type": "Pass", "Assign": {"x": 1}, "Output": [7], "Next": "Each"},
        **_map({"One": {"Type": "Pass", "Output": seen, "Assign": {"x": 2}, "End": True}}),
    }
    execution = runner.run(states)
    (child,) = execution.map_runs[0].children
    assert execution.output == [{"there": False, "id": child.arn}]


def test_the_selector_sees_outer_variables_and_the_item(runner: Runner) -> None:
    selector = {"v": "{% $states.context.Map.Item.Value %}", "x": "{% $x %}"}
    states = {
        "Set": {"Type": "Pass", "Assign": {"x": 1}, "Output": {"a": 5}, "Next": "Each"},
        **_map(ItemSelector={**selector, "k": "{% $states.context.Map.Item.Key %}"}),
    }
    assert runner.run(states).output == [{"v": 5, "x": 1, "k": "a"}]


@pytest.mark.parametrize(
    ("configuration", "body", "items"),
    [
        ({"InputType": "JSON"}, "[1, {}]", [1, {}]),
        ({"InputType": "JSON", "MaxItems": 1}, "[1, 2]", [1]),
        ({"InputType": "JSON", "ItemsPointer": "/a/0"}, '{"a": [[3]]}', [3]),
        ({"InputType": "JSONL", "MaxItems": "{% 2 %}"}, "1\n\n2\n3\n", [1, 2]),
        ({"InputType": "CSV"}, 'a,b\n1,"x,y"\n2\n3,4,5\n', [("1", "x,y"), ("2", ""), ("3", "4")]),
        (
            {
                "InputType": "CSV",
                "CSVHeaderLocation": "GIVEN",
                "CSVHeaders": ["a", "b"],
                "CSVDelimiter": "TAB",
            },
            "1\t2\r\n",
            [("1", "2")],
        ),
    ],
)
def test_items_are_read_from_an_object(
    runner: Runner, configuration: dict[str, Any], body: str, items: list[Any]
) -> None:
    execution = runner.make(_map(ItemReader={**_READER, "ReaderConfig": configuration}), {"key": "k"})
    asked: list[TaskRequest] = []

    def answer(request: TaskRequest) -> TaskAnswer:
        asked.append(request)
        return _body(body)(request)

    _drive(execution, answer)
    rows = [dict(zip("ab", item, strict=True)) if isinstance(item, tuple) else item for item in items]
    assert execution.output == rows
    assert (asked[0].purpose, asked[0].arguments) == ("ItemReader", {"Bucket": "data", "Key": "k"})
    assert runner.of(execution, "MapStateStarted")[0]["mapStateStartedEventDetails"] == {"length": 0}


def test_objects_are_listed_page_by_page(runner: Runner) -> None:
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "b"}}
    execution = runner.make(_map(ItemReader=reader))
    pages: Any = iter(
        [
            {
                "Contents": [{"Key": "1", "ETag": "e", "LastModified": "2026-01-01T00:00:00Z"}],
                "IsTruncated": True,
                "NextContinuationToken": "t",
            },
            {"Contents": [{"Key": "2"}], "IsTruncated": False},
        ]
    )
    asked: list[Any] = []

    def answer(request: TaskRequest) -> TaskAnswer:
        asked.append(request.arguments)
        return TaskAnswer(TaskSucceeded(next(pages)))

    _drive(execution, answer)
    assert execution.output == [{"Etag": "e", "LastModified": 1767225600, "Key": "1"}, {"Key": "2"}]
    assert asked == [{"Bucket": "b"}, {"Bucket": "b", "ContinuationToken": "t"}]


@pytest.mark.parametrize("body", ["7", "{", "a,a\n1,2\n"])
def test_what_cannot_be_read_fails_the_map_run(runner: Runner, body: str) -> None:
    kind = "CSV" if body.startswith("a") else "JSON"
    states = _map(ItemReader={**_READER, "ReaderConfig": {"InputType": kind}})
    states["Each"]["Catch"] = [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "Caught"}]
    states["Caught"] = {"Type": "Pass", "End": True}
    execution = _drive(runner.make(states, {"key": "k"}), _body(body))
    assert execution.status == "SUCCEEDED"
    assert runner.kinds(execution)[4:6] == ["MapRunFailed", "MapStateFailed"]
    assert execution.map_runs[0].status == "FAILED"


def test_a_path_to_a_negative_number_of_items_fails_the_map_run(runner: Runner) -> None:
    reader = {"Resource": _READER["Resource"], "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.n"}}
    states = _map(QueryLanguage="JSONPath", ItemReader={**reader, "Parameters": {"Bucket": "b", "Key": "k"}})
    execution = runner.run(states, {"n": -1})
    assert (execution.error, execution.cause) == (
        "States.ItemReaderFailed",
        "field MaxItems must be positive",
    )
    assert runner.kinds(execution)[2:6] == [
        "MapStateStarted",
        "MapRunStarted",
        "MapRunFailed",
        "MapStateFailed",
    ]


def test_items_come_in_batches_of_a_number_and_a_size(runner: Runner) -> None:
    batcher = {"MaxItemsPerBatch": "{% 1 + 1 %}", "BatchInput": {"x": "{% $states.input[0] %}"}}
    execution = runner.run(_map(ItemBatcher=batcher), [1, 2, 3])
    assert execution.output == [
        {"BatchInput": {"x": 1}, "Items": [1, 2]},
        {"BatchInput": {"x": 1}, "Items": [3]},
    ]
    small = runner.run(_map(ItemBatcher={"MaxInputBytesPerBatch": 20}), ["abc", "def", "ghi"])
    parts: Any = small.output
    assert [len(part["Items"]) for part in parts] == [1, 1, 1]
    assert all(len(child.input) <= 20 for child in small.map_runs[0].children)


def test_no_more_children_run_at_once_than_may(runner: Runner) -> None:
    execution = runner.run(_map(_TASK, MaxConcurrency=2), [1, 2, 3, 4])
    assert runner.seconds(execution) == 2
    starts = [child.started_at for child in execution.map_runs[0].children]
    assert [start - starts[0] for start in starts] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "tolerance", [{"ToleratedFailureCount": 1}, {"ToleratedFailurePercentage": "{% 34 %}"}]
)
def test_tolerated_failures_stand_in_the_result(runner: Runner, tolerance: dict[str, Any]) -> None:
    execution = runner.run(_map(_FAILING_TWO, **tolerance), [1, 2, 3])
    output: Any = execution.output
    first, second, third = output
    assert (first, third) == (1, 3)
    assert (second["Status"], second["Error"], second["Cause"]) == ("FAILED", "Two", "is bad")


@pytest.mark.parametrize(
    "tolerance", [{}, {"ToleratedFailureCount": 0}, {"ToleratedFailurePercentage": 33.3}]
)
def test_more_failures_than_tolerated_fail_the_map_run_and_abort_the_rest(
    runner: Runner, tolerance: dict[str, Any]
) -> None:
    states = dict(_FAILING_TWO)
    states["Good"] = {"Type": "Wait", "Seconds": 60, "End": True}
    execution = runner.run(_map(states, **tolerance), [1, 2, 3])
    assert (execution.status, execution.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert execution.map_runs[0].counts(items=True) == {"FAILED": 1, "ABORTED": 2}
    assert runner.seconds(execution) == 0


def test_a_failed_batch_counts_its_items(runner: Runner) -> None:
    states = {"Bad": {"Type": "Fail", "Error": "E"}}
    fields = {"ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailureCount": 1}
    assert runner.run(_map(states, **fields), [1, 2]).error == "States.ExceedToleratedFailureThreshold"


def test_results_are_written_and_a_manifest_names_the_files(runner: Runner) -> None:
    execution = runner.make(_map(_FAILING_TWO, ResultWriter=_WRITER, ToleratedFailureCount=1), [1, 2])
    written: dict[str, Any] = {}

    def answer(request: TaskRequest) -> TaskAnswer:
        fields: Any = request.arguments
        written[fields["Key"]] = json.loads(fields["Body"])
        return TaskAnswer(TaskSucceeded({}))

    _drive(execution, answer)
    (run,) = execution.map_runs
    folder = f"runs/{run.identity}"
    details = {"Bucket": "out", "Key": f"{folder}/manifest.json"}
    assert execution.output == {"MapRunArn": run.arn, "ResultWriterDetails": details}
    files = written[f"{folder}/manifest.json"]["ResultFiles"]
    assert [one["Key"] for one in files["SUCCEEDED"]] == [f"{folder}/SUCCEEDED_0.json"]
    assert written[f"{folder}/FAILED_0.json"][0]["Error"] == "Two"
    assert written[f"{folder}/SUCCEEDED_0.json"][0]["Output"] == "1"


def test_a_result_that_cannot_be_written_fails_the_map_run(runner: Runner) -> None:
    execution = runner.make(_map(ResultWriter=_WRITER), [1])
    _drive(execution, lambda _request: TaskAnswer(TaskFailed("S3.NoSuchBucket", "no bucket")))
    assert (execution.error, execution.cause) == ("States.ResultWriterFailed", "no bucket")


def test_results_may_be_flattened_without_being_written(runner: Runner) -> None:
    writer = {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}}
    assert runner.run(_map(ResultWriter=writer), [[1, 2], 3]).output == [1, 2, 3]


def test_an_express_child_may_take_five_minutes(runner: Runner) -> None:
    states = _map({"Wait": {"Type": "Wait", "Seconds": "{% $states.input %}", "End": True}})
    states["Each"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    execution = runner.run({**states}, [299, 301])
    assert execution.error == "States.ExceedToleratedFailureThreshold"
    assert [child.status for child in execution.map_runs[0].children] == ["SUCCEEDED", "TIMED_OUT"]
    assert ":express:" in execution.map_runs[0].children[0].arn


def test_a_stopped_execution_aborts_its_children(runner: Runner) -> None:
    states = _map({"Wait": {"Type": "Wait", "Seconds": 60, "End": True}})
    execution = runner.make({"Two": {"Type": "Parallel", "Branches": [_scope(states)], "End": True}}, [1])
    execution.start()
    execution.stop("Enough", None, execution.now)
    (run,) = execution.map_runs
    assert (run.status, run.children[0].status) == ("ABORTED", "ABORTED")
    assert run.children[0].history[-1]["type"] == "ExecutionAborted"


def test_a_failing_sibling_aborts_the_map_run(runner: Runner) -> None:
    states = _map({"Wait": {"Type": "Wait", "Seconds": 60, "End": True}})
    late = {"W": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": {"Type": "Fail", "Error": "Late"}}
    branches = [_scope(states), _scope(late)]
    execution = runner.run({"Two": {"Type": "Parallel", "Branches": branches, "End": True}}, [1])
    assert execution.error == "Late"
    kinds = runner.kinds(execution)
    assert kinds[kinds.index("MapRunAborted") :][:2] == ["MapRunAborted", "MapStateAborted"]


def test_maps_nest_and_each_request_has_an_id_of_its_own(runner: Runner) -> None:
    inner = _map(_TASK)
    execution = runner.make(_map({"Inner": inner["Each"] | {"Label": "Inner"}}, Label="Outer"), [[1, 2], [3]])
    identities = {request.id for request in execution.start()}
    assert len(identities) == 3
    run_virtual(execution, lambda request: TaskAnswer(TaskSucceeded(request.arguments)))
    assert execution.output == [[1, 2], [3]]
    assert [len(run.children) for run in execution.map_runs] == [2, 2, 1]


def test_a_retry_starts_a_map_run_of_its_own(runner: Runner) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    execution = runner.run(_map(_FAILING_TWO, Retry=retry), [2])
    assert [run.status for run in execution.map_runs] == ["FAILED", "FAILED"]
    assert len({run.arn for run in execution.map_runs}) == 2


def test_a_child_whose_history_is_full_fails_alone(runner: Runner) -> None:
    loop = {"Again": {"Type": "Pass", "Next": "Again"}}
    execution = runner.run(_map(loop, ToleratedFailureCount=1), [1])
    assert execution.status == "SUCCEEDED"
    assert execution.map_runs[0].children[0].error == "States.Runtime"


@pytest.mark.parametrize(
    "fields",
    [
        {"ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}},
        {"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "XML"}}},
        {"ItemBatcher": {}},
        {"ResultWriter": {}},
        {"Label": "a/b"},
    ],
)
def test_what_a_distributed_map_cannot_have_is_refused(runner: Runner, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidDefinition):
        runner.make(_map(**fields))


def test_an_inline_map_has_no_reader(runner: Runner) -> None:
    states = _map(ItemReader=_READER)
    states["Each"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}
    with pytest.raises(InvalidDefinition):
        runner.make(states)


def _scope(states: Mapping[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}
