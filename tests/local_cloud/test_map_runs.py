"""Distributed Maps over boto3: Map Runs, child executions, items from S3 and results to it."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for
from .machines import chain, ended, invoking, start, unique


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _map(state: dict[str, Any], kind: str = "STANDARD", **fields: Any) -> str:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
        "StartAt": "One",
        "States": {"One": {**state, "End": True}},
    }
    return chain(Each={"Type": "Map", "ItemProcessor": processor, "Label": "Each", **fields})


def _bucket(cloud: CloudProcess, **objects: str) -> str:
    client, name = cloud.client("s3"), unique("bucket")
    client.create_bucket(Bucket=name)
    for key, body in objects.items():
        client.put_object(Bucket=name, Key=key, Body=body.encode())
    return name


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_children_of_a_map_run_are_executions_that_can_be_listed_and_described(cloud: CloudProcess) -> None:
    states = cloud.states
    arn = start(states, _map(invoking("return", [1]), ItemBatcher={"MaxItemsPerBatch": 2}), [1, 2, 3])
    assert _end(cloud, arn)["output"] == "[[1],[1]]"
    (run,) = states.list_map_runs(executionArn=arn)["mapRuns"]
    described = states.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["status"], described["executionArn"]) == ("SUCCEEDED", arn)
    assert (described["itemCounts"]["succeeded"], described["executionCounts"]["total"]) == (3, 2)
    children = states.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert sorted(child["itemCount"] for child in children) == [1, 2]
    child = states.describe_execution(executionArn=children[0]["executionArn"])
    assert json.loads(child["input"]) == {"Items": [3]}
    assert child["mapRunArn"] == run["mapRunArn"]
    assert "/Each:" in child["executionArn"]
    kinds = [
        event["type"] for event in states.get_execution_history(executionArn=child["executionArn"])["events"]
    ]
    assert (kinds[0], kinds[-1]) == ("ExecutionStarted", "ExecutionSucceeded")


def test_items_come_from_an_object_and_results_go_to_objects(cloud: CloudProcess) -> None:
    name = _bucket(cloud, **{"items.csv": "name,age\nAda,36\nAlan,41\n"})
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "CSV"},
        "Arguments": {"Bucket": name, "Key": "items.csv"},
    }
    writer = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": {"Bucket": name, "Prefix": "out"},
        "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"},
    }
    state = {"Type": "Pass", "Output": "{% $states.input.name & ' ' & $states.input.age %}"}
    arn = start(cloud.states, _map(state, ItemReader=reader, ResultWriter=writer))
    details = json.loads(_end(cloud, arn)["output"])["ResultWriterDetails"]
    client = cloud.client("s3")
    manifest = json.loads(client.get_object(**details)["Body"].read())
    key = manifest["ResultFiles"]["SUCCEEDED"][0]["Key"]
    assert json.loads(client.get_object(Bucket=name, Key=key)["Body"].read()) == ["Ada 36", "Alan 41"]


def test_items_are_the_objects_of_a_bucket(cloud: CloudProcess) -> None:
    name = _bucket(cloud, a="1", b="22")
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": name}}
    definition = _map({"Type": "Pass", "Output": "{% $states.input.Size %}"}, ItemReader=reader)
    assert _end(cloud, start(cloud.states, definition))["output"] == "[1,2]"


def test_an_object_that_is_not_there_fails_the_reader(cloud: CloudProcess) -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": _bucket(cloud), "Key": "nothing"},
    }
    described = _end(cloud, start(cloud.states, _map({"Type": "Pass"}, ItemReader=reader)))
    assert described["error"] == "States.ItemReaderFailed"
    assert "specified key does not exist" in described["cause"]


def test_a_failing_child_fails_the_map_run_and_shows_its_error(cloud: CloudProcess) -> None:
    arn = start(cloud.states, _map(invoking("raise", "no stock")), [1])
    assert _end(cloud, arn)["error"] == "States.ExceedToleratedFailureThreshold"
    run = cloud.states.list_map_runs(executionArn=arn)["mapRuns"][0]["mapRunArn"]
    assert cloud.states.describe_map_run(mapRunArn=run)["executionCounts"]["failed"] == 1
    listed = cloud.states.list_executions(mapRunArn=run, statusFilter="FAILED")["executions"]
    assert cloud.states.describe_execution(executionArn=listed[0]["executionArn"])["error"] == "OwnError"


def test_express_children_cannot_be_listed(cloud: CloudProcess) -> None:
    arn = start(cloud.states, _map({"Type": "Pass"}, "EXPRESS"), [1])
    assert _end(cloud, arn)["output"] == "[1]"
    run = cloud.states.list_map_runs(executionArn=arn)["mapRuns"][0]["mapRunArn"]
    with pytest.raises(ClientError) as caught:
        cloud.states.list_executions(mapRunArn=run)
    assert _code(caught) == "StateMachineTypeNotSupported"


def test_map_runs_that_are_not_there_are_refused(cloud: CloudProcess) -> None:
    for arn, code in (
        ("nonsense", "InvalidArn"),
        ("arn:aws:states:us-east-1:000000000000:mapRun:a/b:c", "ResourceNotFound"),
    ):
        with pytest.raises(ClientError) as caught:
            cloud.states.describe_map_run(mapRunArn=arn)
        assert _code(caught) == code
    with pytest.raises(ClientError) as caught:
        cloud.states.describe_execution(executionArn="arn:aws:states:us-east-1:000000000000:execution:a/b:c")
    assert _code(caught) == "ExecutionDoesNotExist"


@pytest.mark.slow
def test_a_map_run_that_a_kill_interrupts_goes_on_with_the_same_children(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, _map(invoking("sleep", 1), MaxConcurrency=2), [1, 2, 3])
    run = wait_for(lambda: first.states.list_map_runs(executionArn=arn)["mapRuns"])[0]["mapRunArn"]
    running = wait_for(lambda: first.states.list_executions(mapRunArn=run)["executions"])
    assert [child["status"] for child in running] == ["RUNNING", "RUNNING"]
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        assert _end(second, arn)["output"] == '["slept","slept","slept"]'
        children = second.states.list_executions(mapRunArn=run)["executions"]
        assert {child["executionArn"] for child in running} <= {child["executionArn"] for child in children}
        assert len(children) == 3
    finally:
        second.stop()


def test_the_limits_of_a_map_run_are_changed_while_it_runs(cloud: CloudProcess) -> None:
    states = cloud.states
    wait = {"Type": "Wait", "Seconds": "{% $states.input %}"}
    arn = start(states, _map(wait, MaxConcurrency=1), [1, 1, 60])
    run = wait_for(lambda: states.list_map_runs(executionArn=arn)["mapRuns"])[0]["mapRunArn"]
    states.update_map_run(mapRunArn=run, maxConcurrency=3, toleratedFailureCount=1)
    described = states.describe_map_run(mapRunArn=run)
    assert (described["maxConcurrency"], described["toleratedFailureCount"]) == (3, 1)
    assert described["executionCounts"]["running"] == 3
    with pytest.raises(ClientError) as caught:
        states.update_map_run(mapRunArn=run)
    assert _code(caught) == "ValidationException"
    states.stop_execution(executionArn=arn)
    with pytest.raises(ClientError, match="is ABORTED and cannot be updated"):
        states.update_map_run(mapRunArn=run, maxConcurrency=1)


@pytest.mark.slow
def test_changed_limits_outlive_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, _map({"Type": "Wait", "Seconds": 60}, MaxConcurrency=1), [1, 2, 3])
    run = wait_for(lambda: first.states.list_map_runs(executionArn=arn)["mapRuns"])[0]["mapRunArn"]
    first.states.update_map_run(mapRunArn=run, maxConcurrency=2, toleratedFailurePercentage=50)
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        described = second.states.describe_map_run(mapRunArn=run)
        assert (described["maxConcurrency"], described["toleratedFailurePercentage"]) == (2, 50.0)
        assert described["executionCounts"]["running"] == 2
    finally:
        second.stop()
