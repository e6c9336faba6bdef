"""Express machines over boto3: started and waited for, or started and left; no record but their log."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for
from .machines import ROLE, chain, create, ended, invoking, returning, start, unique


def _create(cloud: CloudProcess, definition: str, **more: Any) -> str:
    client: Any = cloud.states
    answer = client.create_state_machine(
        name=unique("express"), definition=definition, roleArn=ROLE, type="EXPRESS", **more
    )
    return str(answer["stateMachineArn"])


def _waiting_client(cloud: CloudProcess) -> Any:
    return boto3.client(
        "stepfunctions",
        endpoint_url=cloud.aws,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    )


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def _putting(key: str) -> dict[str, Any]:
    item = {"pk": {"S": key}, "sk": {"S": "x"}}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Arguments": {"TableName": "test-table", "Item": item},
    }


def _has(cloud: CloudProcess, key: str) -> bool:
    found = cloud.dynamodb.get_item(TableName="test-table", Key={"pk": {"S": key}, "sk": {"S": "x"}})
    return "Item" in found


def _logging_to(cloud: CloudProcess, group: str) -> dict[str, Any]:
    cloud.client("logs").create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*"
    return {
        "level": "ALL",
        "includeExecutionData": True,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
    }


def _written(cloud: CloudProcess, group: str) -> list[Any]:
    found = cloud.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(event["message"]) for event in found]


def test_a_synchronous_execution_answers_with_its_end(cloud: CloudProcess) -> None:
    add = {"Type": "Pass", "Output": "{% $states.input + 1 %}"}
    machine = _create(cloud, chain(Call=invoking("return", 7), Add=add))
    answer = _waiting_client(cloud).start_sync_execution(stateMachineArn=machine, name="one", input="{}")
    assert (answer["status"], answer["output"], answer["name"]) == ("SUCCEEDED", "8", "one")
    assert ":express:" in answer["executionArn"]
    assert answer["billingDetails"]["billedDurationInMilliseconds"] >= 100


def test_a_synchronous_execution_that_fails_answers_with_its_error(cloud: CloudProcess) -> None:
    machine = _create(cloud, chain(Bad={"Type": "Fail", "Error": "E", "Cause": "C"}))
    answer = _waiting_client(cloud).start_sync_execution(stateMachineArn=machine)
    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "E", "C")


def test_a_standard_machine_is_not_started_synchronously(cloud: CloudProcess) -> None:
    machine = create(cloud.states, returning(1))
    with pytest.raises(ClientError) as caught:
        _waiting_client(cloud).start_sync_execution(stateMachineArn=machine)
    assert _code(caught) == "StateMachineTypeNotSupported"


def test_an_express_execution_leaves_no_record_and_may_share_its_name(cloud: CloudProcess) -> None:
    keys = [unique("express") for _ in range(2)]
    states, machine = cloud.states, _create(cloud, chain(Put=_putting("{% $states.input %}")))
    arns = {
        states.start_execution(stateMachineArn=machine, name="same", input=json.dumps(key))["executionArn"]
        for key in keys
    }
    assert len(arns) == 2
    assert wait_for(lambda: all(_has(cloud, key) for key in keys))
    arn = arns.pop()
    calls: tuple[Any, ...] = (
        states.describe_execution,
        states.stop_execution,
        states.get_execution_history,
    )
    for call in calls:
        with pytest.raises(ClientError) as caught:
            call(executionArn=arn)
        assert _code(caught) == "InvalidArn"
    with pytest.raises(ClientError) as caught:
        cloud.states.list_executions(stateMachineArn=machine)
    assert _code(caught) == "StateMachineTypeNotSupported"


def test_the_log_group_gets_the_events_that_the_level_asks_for(cloud: CloudProcess) -> None:
    group = unique("/aws/vendedlogs/states/x")
    machine = _create(cloud, returning(1), loggingConfiguration=_logging_to(cloud, group))
    started = cloud.states.start_execution(stateMachineArn=machine, input='{"a":1}')["executionArn"]
    lines = wait_for(lambda: _written(cloud, group))
    assert [line["type"] for line in lines] == [
        *("ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"),
    ]
    assert (lines[0]["execution_arn"], lines[0]["details"]["input"]) == (started, '{"a":1}')


def test_a_version_logs_as_the_machine_did_when_it_was_published(cloud: CloudProcess) -> None:
    group = unique("/aws/vendedlogs/states/x")
    logging = _logging_to(cloud, group)
    machine = _create(cloud, returning(1), loggingConfiguration=logging)
    version = cloud.states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    cloud.states.update_state_machine(stateMachineArn=machine, loggingConfiguration={"level": "OFF"})
    described = cloud.states.describe_state_machine(stateMachineArn=version)
    assert described["loggingConfiguration"] == logging
    latest = cloud.states.describe_state_machine(stateMachineArn=machine)
    assert latest["loggingConfiguration"]["level"] == "OFF"
    _waiting_client(cloud).start_sync_execution(stateMachineArn=machine)
    started = cloud.states.start_execution(stateMachineArn=version)["executionArn"]
    lines = wait_for(lambda: _written(cloud, group))
    assert {line["execution_arn"] for line in lines} == {started}


@pytest.mark.parametrize("resource", ["lambda:invoke.waitForTaskToken", "states:startExecution.sync:2"])
def test_an_express_machine_waits_for_nobody(cloud: CloudProcess, resource: str) -> None:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": {}}
    with pytest.raises(ClientError) as caught:
        _create(cloud, chain(Only=state))
    assert _code(caught) == "InvalidDefinition"


def test_a_standard_machine_may_start_an_express_one_and_wait(cloud: CloudProcess) -> None:
    machine = _create(cloud, returning("{% $states.input.a + 1 %}"))
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
        "Arguments": {"StateMachineArn": machine, "Input": {"a": 1}},
        "Output": "{% $states.result.Output %}",
    }
    arn = start(cloud.states, chain(Call=state))
    assert wait_for(lambda: ended(cloud.states, arn))["output"] == '"2"'


@pytest.mark.slow
def test_an_asynchronous_express_execution_runs_again_after_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    machine = _create(first, chain(Wait={"Type": "Wait", "Seconds": 2}, Put=_putting("late")))
    first.states.start_execution(stateMachineArn=machine)
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        assert wait_for(lambda: _has(second, "late"))
    finally:
        assert second.stop() == 0
    assert list((tmp_path / "data" / "executions").glob("*/*.journal")) == []


def test_what_a_log_group_is_subscribed_by_is_kept_listed_and_refused_where_it_leads_nowhere(
    cloud: CloudProcess,
) -> None:
    logs, group = cloud.client("logs"), unique("/aws/vendedlogs/states/x")
    sink = {"filterName": "all", "filterPattern": "", "destinationArn": _function("test-sink")}
    with pytest.raises(ClientError, match="log group does not exist"):
        logs.put_subscription_filter(logGroupName=group, **sink)
    logs.create_log_group(logGroupName=group)
    logs.put_subscription_filter(logGroupName=group, **sink)
    logs.put_subscription_filter(logGroupName=group, **sink)
    [told] = logs.describe_subscription_filters(logGroupName=group)["subscriptionFilters"]
    assert told["destinationArn"] == sink["destinationArn"]
    nowhere = {**sink, "filterName": "other", "destinationArn": _function("nobody")}
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        logs.put_subscription_filter(logGroupName=group, **nowhere)
    logs.put_subscription_filter(logGroupName=group, **{**sink, "filterName": "second"})
    with pytest.raises(ClientError) as caught:
        logs.put_subscription_filter(logGroupName=group, **{**sink, "filterName": "third"})
    assert _code(caught) == "LimitExceededException"
    logs.delete_subscription_filter(logGroupName=group, filterName="all")
    with pytest.raises(ClientError) as caught:
        logs.delete_subscription_filter(logGroupName=group, filterName="all")
    assert _code(caught) == "ResourceNotFoundException"


def _function(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:000000000000:function:{name}"


@pytest.mark.slow
def test_no_log_of_an_asynchronous_execution_is_lost_in_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    group = "/aws/vendedlogs/states/killed"
    definition = chain(A=invoking("sleep", 0.1), B=invoking("return", 7))
    machine = _create(first, definition, loggingConfiguration=_logging_to(first, group))
    arns = {first.states.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(20)}
    wait_for(lambda: _written(first, group))
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")

    def ended() -> set[str]:
        lines = _written(second, group)
        return {line["execution_arn"] for line in lines if line["type"] == "ExecutionSucceeded"}

    try:
        assert wait_for(lambda: ended() == arns)
        # A journal goes once its log is written.
        assert wait_for(lambda: not list((tmp_path / "data" / "executions").glob("*/*.journal")))
    finally:
        assert second.stop() == 0
