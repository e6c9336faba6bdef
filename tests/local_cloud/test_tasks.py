"""Tasks that end later: by their token, or with the execution that they have started."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, start_cloud, wait_for
from .machines import chain, create, ended, invoking, returning, start, waiting


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _events(cloud: CloudProcess, arn: str, kind: str) -> list[Any]:
    events = cloud.states.get_execution_history(executionArn=arn)["events"]
    return [event for event in events if event["type"] == kind]


def _waiting(**more: Any) -> dict[str, Any]:
    """A task whose function gets the token and answers nothing of use."""
    return {
        **invoking("return", "{% $states.context.Task.Token %}"),
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Output": "{% $states.result %}",
        **more,
    }


def _token(cloud: CloudProcess, arn: str) -> str:
    submitted = wait_for(lambda: _events(cloud, arn, "TaskSubmitted"))[0]["taskSubmittedEventDetails"]
    return str(json.loads(submitted["output"])["Payload"])


def _starting(machine: str, pattern: str = ".sync:2", **more: Any) -> dict[str, Any]:
    arguments = {"StateMachineArn": machine, "Input": {"a": 1}, **more}
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::states:startExecution{pattern}",
        "Arguments": arguments,
    }


def _refused(cloud: CloudProcess, token: str) -> str:
    with pytest.raises(ClientError) as caught:
        cloud.states.send_task_success(taskToken=token, output="1")
    return str(caught.value.response["Error"]["Code"])


def test_a_task_ends_with_what_is_sent_with_its_token(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Ask=_waiting()))
    token = _token(cloud, arn)
    cloud.states.send_task_heartbeat(taskToken=token)
    cloud.states.send_task_success(taskToken=token, output='{"approved": true}')
    assert _end(cloud, arn)["output"] == '{"approved":true}'
    assert _refused(cloud, token) == "TaskTimedOut"
    assert _refused(cloud, "nonsense") == "InvalidToken"


def test_a_task_fails_with_what_is_sent_with_its_token(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Ask=_waiting()))
    cloud.states.send_task_failure(taskToken=_token(cloud, arn), error="Rejected", cause="too dear")
    described = _end(cloud, arn)
    assert (described["error"], described["cause"]) == ("Rejected", "too dear")


def test_an_output_that_is_no_json_is_refused_and_the_task_waits_on(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Ask=_waiting()))
    token = _token(cloud, arn)
    with pytest.raises(ClientError) as caught:
        cloud.states.send_task_success(taskToken=token, output="{")
    assert caught.value.response["Error"]["Code"] == "InvalidOutput"
    cloud.states.send_task_success(taskToken=token, output="2")
    assert _end(cloud, arn)["output"] == "2"


def test_a_task_without_heartbeats_times_out(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Ask=_waiting(HeartbeatSeconds=1)))
    token = _token(cloud, arn)
    assert _end(cloud, arn)["error"] == "States.Timeout"
    assert _refused(cloud, token) == "TaskTimedOut"


def test_a_call_that_fails_is_not_waited_for(cloud: CloudProcess) -> None:
    state = {**_waiting(), "Arguments": {"FunctionName": "test-echo", "Payload": {"do": "raise"}}}
    assert _end(cloud, start(cloud.states, chain(Ask=state)))["error"] == "OwnError"


def test_a_message_may_carry_the_token(cloud: CloudProcess) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=f"tokens-{signal.SIGTERM}")["QueueUrl"]
    body = {"token": "{% $states.context.Task.Token %}"}
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": url, "MessageBody": body},
    }
    arn = start(cloud.states, chain(Send=send))
    message = wait_for(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))[0]
    token = json.loads(message["Body"])["token"]
    cloud.states.send_task_success(taskToken=token, output='"done"')
    assert _end(cloud, arn)["output"] == '"done"'


def test_a_nested_execution_is_waited_for(cloud: CloudProcess) -> None:
    machine = create(cloud.states, returning("{% $states.input %}"))
    for pattern, output in ((".sync:2", {"a": 1}), (".sync", '{"a":1}')):
        arn = start(cloud.states, chain(Call=_starting(machine, pattern)))
        result = json.loads(_end(cloud, arn)["output"])
        assert (result["Status"], result["Output"], result["Input"]) == ("SUCCEEDED", output, output)
        assert _events(cloud, arn, "TaskSubmitted")
        child = cloud.states.describe_execution(executionArn=result["ExecutionArn"])
        assert child["output"] == '{"a":1}'


def test_a_nested_execution_may_be_left_to_itself(cloud: CloudProcess) -> None:
    machine = create(cloud.states, waiting(60))
    arn = start(cloud.states, chain(Call=_starting(machine, "", Name="left")))
    result = json.loads(_end(cloud, arn)["output"])
    assert result["ExecutionArn"].endswith(":left")
    assert cloud.states.describe_execution(executionArn=result["ExecutionArn"])["status"] == "RUNNING"
    again = _end(cloud, start(cloud.states, chain(Call=_starting(machine, "", Name="left", Input={"b": 1}))))
    assert again["error"] == "StepFunctions.ExecutionAlreadyExistsException"
    cloud.states.stop_execution(executionArn=result["ExecutionArn"])


def test_a_failing_nested_execution_fails_the_task_with_its_description(cloud: CloudProcess) -> None:
    machine = create(cloud.states, chain(Bad={"Type": "Fail", "Error": "E", "Cause": "C"}))
    described = _end(cloud, start(cloud.states, chain(Call=_starting(machine))))
    assert described["error"] == "States.TaskFailed"
    cause = json.loads(described["cause"])
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "E", "C")


def test_a_machine_that_is_not_there_fails_the_task(cloud: CloudProcess) -> None:
    machine = "arn:aws:states:us-east-1:000000000000:stateMachine:nobody"
    described = _end(cloud, start(cloud.states, chain(Call=_starting(machine))))
    assert described["error"] == "StepFunctions.StateMachineDoesNotExistException"
    assert described["cause"].startswith(
        f"State Machine Does Not Exist: '{machine}' (Service: AWSStepFunctions"
    )


def test_a_nested_execution_that_nobody_waits_for_any_more_is_stopped(cloud: CloudProcess) -> None:
    machine = create(cloud.states, waiting(60))
    call = _starting(machine)
    late = {"Type": "Wait", "Seconds": 1, "Next": "Bad"}
    branches = [
        {"StartAt": "Call", "States": {"Call": {**call, "End": True}}},
        {"StartAt": "Late", "States": {"Late": late, "Bad": {"Type": "Fail", "Error": "Late"}}},
    ]
    catch = [{"ErrorEquals": ["Late"], "Next": "After"}]
    both = {"Type": "Parallel", "Branches": branches, "Catch": catch}
    arn = start(cloud.states, chain(Both=both, After={"Type": "Pass"}))
    assert _end(cloud, arn)["status"] == "SUCCEEDED"
    stopped = start(cloud.states, chain(Call=call))
    wait_for(lambda: _events(cloud, stopped, "TaskSubmitted"))
    cloud.states.stop_execution(executionArn=stopped)

    def all_stopped() -> bool:
        children = cloud.states.list_executions(stateMachineArn=machine)["executions"]
        return [child["status"] for child in children] == ["ABORTED", "ABORTED"]

    assert wait_for(all_stopped)


@pytest.mark.slow
def test_tokens_and_nested_executions_outlive_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    asking = start(first.states, chain(Ask=_waiting()))
    token = _token(first, asking)
    machine = create(first.states, waiting(2))
    calling = start(first.states, chain(Call=_starting(machine)))
    wait_for(lambda: _events(first, calling, "TaskSubmitted"))
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        second.states.send_task_success(taskToken=token, output="7")
        assert _end(second, asking)["output"] == "7"
        assert json.loads(_end(second, calling)["output"])["Status"] == "SUCCEEDED"
        assert len(second.states.list_executions(stateMachineArn=machine)["executions"]) == 1
        assert len(_events(second, asking, "TaskSubmitted")) == 1
    finally:
        second.stop()
