"""RedriveExecution over boto3, also over restarts."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for
from .machines import chain, ended, invoking, returning, start, unique


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _kinds(cloud: CloudProcess, arn: str) -> list[str]:
    events = cloud.states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [event["type"] for event in events]


def _reading(table_key: str) -> dict[str, Any]:
    """A task that fails until there is an item in the table."""
    arguments = {"TableName": "test-table", "Key": {"pk": {"S": table_key}, "sk": {"S": "x"}}}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": arguments,
        "Output": "{% $states.result.Item.pk.S %}",
    }


def _put(cloud: CloudProcess, key: str) -> None:
    cloud.dynamodb.put_item(TableName="test-table", Item={"pk": {"S": key}, "sk": {"S": "x"}})


def _refusal(cloud: CloudProcess, arn: str) -> str:
    with pytest.raises(ClientError) as caught:
        cloud.states.redrive_execution(executionArn=arn)
    return str(caught.value.response["Error"]["Code"])


def test_an_execution_goes_on_from_the_task_that_failed(cloud: CloudProcess) -> None:
    key = unique("redrive")
    first = invoking("context", Assign={"calls": "{% $states.result.Payload.calls %}"})
    last = {"Type": "Pass", "Output": "{% [$states.input, $states.context.Execution.RedriveCount] %}"}
    arn = start(cloud.states, chain(First=first, Read=_reading(key), Last=last))
    described = _end(cloud, arn)
    assert (described["status"], described["redriveStatus"]) == ("FAILED", "REDRIVABLE")
    _put(cloud, key)
    answered = cloud.states.redrive_execution(executionArn=arn)
    described = _end(cloud, arn)
    assert json.loads(described["output"]) == [key, 1]
    assert (described["redriveCount"], described["redriveDate"]) == (1, answered["redriveDate"])
    kinds = _kinds(cloud, arn)
    assert kinds.count("TaskStateEntered") == 2
    assert kinds.count("ExecutionRedriven") == 1
    assert _refusal(cloud, arn) == "ExecutionNotRedrivable"
    machine = described["stateMachineArn"]
    listed = cloud.states.list_executions(stateMachineArn=machine, redriveFilter="REDRIVEN")["executions"]
    assert [item["redriveCount"] for item in listed] == [1]
    others = cloud.states.list_executions(stateMachineArn=machine, redriveFilter="NOT_REDRIVEN")
    assert others["executions"] == []


def test_an_execution_may_be_redriven_again_and_again(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Bad={"Type": "Fail", "Error": "E"}))
    for count in (1, 2):
        _end(cloud, arn)
        cloud.states.redrive_execution(executionArn=arn)
        wait_for(lambda: ended(cloud.states, arn))
        assert cloud.states.describe_execution(executionArn=arn)["redriveCount"] == count
    assert _kinds(cloud, arn).count("FailStateEntered") == 3


def test_one_client_token_is_one_redrive_and_what_runs_is_not_redriven(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Wait={"Type": "Wait", "Seconds": 60}))
    assert _refusal(cloud, arn) == "ExecutionNotRedrivable"
    cloud.states.stop_execution(executionArn=arn)
    first = cloud.states.redrive_execution(executionArn=arn, clientToken="once")
    again = cloud.states.redrive_execution(executionArn=arn, clientToken="once")
    assert again["redriveDate"] == first["redriveDate"]
    assert cloud.states.describe_execution(executionArn=arn)["redriveCount"] == 1
    cloud.states.stop_execution(executionArn=arn)


def test_what_has_succeeded_or_is_not_there_is_not_redriven(cloud: CloudProcess) -> None:
    arn = start(cloud.states, returning(1))
    _end(cloud, arn)
    assert _refusal(cloud, arn) == "ExecutionNotRedrivable"
    assert _refusal(cloud, f"{arn}-other") == "ExecutionDoesNotExist"


@pytest.mark.slow
def test_an_execution_is_redriven_after_a_restart_and_its_redrive_outlives_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    wait = {"Type": "Wait", "Seconds": 2}
    arn = start(first.states, chain(Read=_reading("k"), Wait=wait, Bad={"Type": "Fail", "Error": "Late"}))
    assert _end(first, arn)["status"] == "FAILED"
    assert first.stop() == 0
    second = start_cloud(tmp_path / "data")
    _put(second, "k")
    second.states.redrive_execution(executionArn=arn)
    wait_for(lambda: "WaitStateEntered" in _kinds(second, arn))
    second.stop(signal.SIGKILL)
    third = start_cloud(tmp_path / "data")
    try:
        described = _end(third, arn)
        assert (described["error"], described["redriveCount"]) == ("Late", 1)
        third.states.redrive_execution(executionArn=arn)
        assert wait_for(lambda: ended(third.states, arn))["redriveCount"] == 2
        # Once where the Output found nothing, once in the first redrive, not in the second.
        assert _kinds(third, arn).count("TaskSucceeded") == 2
    finally:
        third.stop()
