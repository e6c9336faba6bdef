"""Executions over boto3: start, describe, list, history, stop, tasks and status events."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for
from .machines import chain, create, ended, invoking, returning, start, unique, waiting


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_an_execution_ends_with_its_output(cloud: CloudProcess) -> None:
    arn = start(cloud.states, returning("{% $states.input.name & '!' %}"), {"name": "Ada"})
    described = _end(cloud, arn)
    assert described["status"] == "SUCCEEDED"
    assert described["output"] == '"Ada!"'
    assert json.loads(described["input"]) == {"name": "Ada"}
    assert described["startDate"] <= described["stopDate"]
    assert described["redriveStatus"] == "NOT_REDRIVABLE"


def test_choice_wait_and_parallel_run(cloud: CloudProcess) -> None:
    copy = {"Type": "Pass", "Output": "{% $states.input.n %}", "End": True}
    branches = [{"StartAt": name, "States": {name: copy}} for name in ("One", "Two")]
    definition = json.dumps(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "Choose",
            "States": {
                "Choose": {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% $states.input.n > 1 %}", "Next": "Wait"}],
                    "Default": "Bad",
                },
                "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Both"},
                "Both": {"Type": "Parallel", "Branches": branches, "End": True},
                "Bad": {"Type": "Fail", "Error": "TooSmall"},
            },
        }
    )
    assert _end(cloud, start(cloud.states, definition, {"n": 2}))["output"] == "[2,2]"
    failed = _end(cloud, start(cloud.states, definition, {"n": 1}))
    assert (failed["status"], failed["error"]) == ("FAILED", "TooSmall")


def test_a_task_invokes_its_function_and_retries_and_catches_its_error(cloud: CloudProcess) -> None:
    retry = [{"ErrorEquals": ["OwnError"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["OwnError"], "Next": "Caught", "Output": "{% $states.errorOutput %}"}]
    definition = json.loads(
        chain(Try=invoking("raise", "no stock", Retry=retry, Catch=catch), Caught={"Type": "Pass"})
    )
    definition["States"]["Try"] = {**definition["States"]["Try"], "Next": "Caught"}
    arn = start(cloud.states, json.dumps(definition))
    output = json.loads(_end(cloud, arn)["output"])
    assert output["Error"] == "OwnError"
    assert json.loads(output["Cause"])["errorMessage"] == "no stock"
    kinds = [event["type"] for event in cloud.states.get_execution_history(executionArn=arn)["events"]]
    assert kinds.count("TaskFailed") == 2
    assert kinds[-1] == "ExecutionSucceeded"


@pytest.mark.parametrize(
    ("do", "argument", "error"),
    [("sleep", 30, "Sandbox.Timedout"), ("exit", 1, "Runtime.ExitError"), ("raise", "x", "OwnError")],
)
def test_what_a_function_fails_with_is_the_tasks_error(
    cloud: CloudProcess, do: str, argument: Any, error: str
) -> None:
    described = _end(cloud, start(cloud.states, chain(Only=invoking(do, argument))))
    assert (described["status"], described["error"]) == ("FAILED", error)


def test_a_function_may_be_the_resource_itself(cloud: CloudProcess) -> None:
    resource = "arn:aws:lambda:us-east-1:000000000000:function:test-echo"
    state = {"Type": "Task", "Resource": resource, "Arguments": {"do": "return", "argument": [1]}}
    arn = start(cloud.states, chain(Only=state))
    assert _end(cloud, arn)["output"] == "[1]"
    kinds = [event["type"] for event in cloud.states.get_execution_history(executionArn=arn)["events"]]
    assert "LambdaFunctionSucceeded" in kinds


def test_a_function_invoked_as_an_event_is_not_waited_for(cloud: CloudProcess) -> None:
    key = unique("event")
    arguments = {"FunctionName": "test-sink", "InvocationType": "Event", "Payload": {"key": key}}
    state = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments}
    output = json.loads(_end(cloud, start(cloud.states, chain(Only=state)))["output"])
    assert (output["StatusCode"], output["Payload"]) == (202, "")
    assert wait_for(lambda: _recorded(cloud, key, "put"))


def test_an_unknown_function_fails_the_task_as_the_service_does(cloud: CloudProcess) -> None:
    state = invoking("echo", Arguments={"FunctionName": "nobody", "Payload": {}})
    described = _end(cloud, start(cloud.states, chain(Only=state)))
    assert described["error"] == "Lambda.ResourceNotFoundException"


def test_optimised_and_sdk_integrations_reach_the_emulated_services(cloud: CloudProcess) -> None:
    item = {"pk": {"S": unique("integration")}, "sk": {"S": "x"}}
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Arguments": {"TableName": "test-table", "Item": item},
    }
    get = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
        "Arguments": {"TableName": "test-table", "Key": item},
    }
    arn = start(cloud.states, chain(Put=put, Get=get))
    assert json.loads(_end(cloud, arn)["output"]) == {"Item": item}


def test_a_message_may_be_any_json(cloud: CloudProcess) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": {"a": [1]}},
    }
    sent = json.loads(_end(cloud, start(cloud.states, chain(Send=send)))["output"])
    received = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert json.loads(received["Body"]) == {"a": [1]}
    assert received["MessageId"] == sent["MessageId"]


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        ("arn:aws:states:::dynamodb:putItem", "DynamoDB.ResourceNotFoundException"),
        ("arn:aws:states:::aws-sdk:dynamodb:putItem", "DynamoDb.ResourceNotFoundException"),
    ],
)
def test_a_services_error_has_the_integrations_name(cloud: CloudProcess, resource: str, error: str) -> None:
    arguments = {"TableName": "nowhere", "Item": {"pk": {"S": "x"}}}
    state = {"Type": "Task", "Resource": resource, "Arguments": arguments}
    described = _end(cloud, start(cloud.states, chain(Only=state)))
    assert described["error"] == error
    assert "Status Code: 400" in described["cause"]


@pytest.mark.parametrize(
    ("resource", "arguments", "error"),
    [
        ("dynamodb:putItem", {"TableName": "test-table"}, "DynamoDB.AmazonDynamoDBException"),
        ("aws-sdk:dynamodb:putItem", {"TableName": "test-table"}, "DynamoDb.DynamoDbException"),
        (
            "sqs:sendMessage",
            {"QueueUrl": "http://q/1/no", "MessageBody": "m"},
            "SQS.QueueDoesNotExistException",
        ),
        ("sns:publish", {"TopicArn": "arn:aws:sns:us-east-1:1:no", "Message": "m"}, "SNS.NotFoundException"),
        ("aws-sdk:s3:getObject", {"Bucket": "no-such", "Key": "k"}, "S3.NoSuchBucketException"),
    ],
)
def test_an_error_that_the_services_model_does_not_name_has_the_sdks_common_name(
    cloud: CloudProcess, resource: str, arguments: dict[str, Any], error: str
) -> None:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments}
    described = _end(cloud, start(cloud.states, chain(Only=state)))
    assert described["error"] == error
    if "dynamodb" in resource:
        rule = "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must"
        assert described["cause"].startswith(rule)


def test_a_name_is_idempotent_while_the_execution_runs_and_taken_afterwards(cloud: CloudProcess) -> None:
    states, machine = cloud.states, create(cloud.states, waiting(60))
    first = states.start_execution(stateMachineArn=machine, name="one", input="{}")
    again = states.start_execution(stateMachineArn=machine, name="one", input="{}")
    assert (first["executionArn"], first["startDate"]) == (again["executionArn"], again["startDate"])
    with pytest.raises(ClientError) as caught:
        states.start_execution(stateMachineArn=machine, name="one", input='{"other":1}')
    assert _code(caught) == "ExecutionAlreadyExists"
    states.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(ClientError) as caught:
        states.start_execution(stateMachineArn=machine, name="one", input="{}")
    assert _code(caught) == "ExecutionAlreadyExists"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"input": "NaN"}, "InvalidExecutionInput"),
        ({"input": json.dumps("x" * 262_144)}, "ValidationException"),
        ({"name": "with space"}, "InvalidName"),
        ({"name": "x" * 81}, "ValidationException"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(cloud: CloudProcess, given: dict[str, str], code: str) -> None:
    machine = create(cloud.states, returning(1))
    with pytest.raises(ClientError) as caught:
        cloud.client("stepfunctions").start_execution(stateMachineArn=machine, **given)
    assert _code(caught) == code
    assert cloud.states.list_executions(stateMachineArn=machine)["executions"] == []


def test_a_stopped_execution_is_aborted_with_the_error_and_cause_given(cloud: CloudProcess) -> None:
    states, arn = cloud.states, start(cloud.states, waiting(60))
    stopped = states.stop_execution(executionArn=arn, error="Enough", cause="no more")
    described = states.describe_execution(executionArn=arn)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "no more")
    assert described["stopDate"] == stopped["stopDate"]
    assert states.stop_execution(executionArn=arn)["stopDate"] == stopped["stopDate"]


def test_a_machine_that_runs_too_long_times_out(cloud: CloudProcess) -> None:
    definition = json.dumps({**json.loads(waiting(60)), "TimeoutSeconds": 1})
    assert _end(cloud, start(cloud.states, definition))["status"] == "TIMED_OUT"


def test_history_is_given_in_pages_in_either_order_with_or_without_data(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(A={"Type": "Pass"}, B={"Type": "Pass"}), {"secret": 1})
    _end(cloud, arn)
    states = cloud.states
    pages = states.get_paginator("get_execution_history").paginate(
        executionArn=arn, PaginationConfig={"PageSize": 4}
    )
    events = [event for found in pages for event in found["events"]]
    assert [event["id"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[1]["stateEnteredEventDetails"]["input"] == '{"secret":1}'
    last = states.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)
    assert [event["type"] for event in last["events"]] == ["ExecutionSucceeded"]
    bare = states.get_execution_history(executionArn=arn, includeExecutionData=False)
    assert "secret" not in json.dumps(bare["events"], default=str)
    with pytest.raises(ClientError) as caught:
        states.get_execution_history(executionArn=arn, nextToken="nonsense")
    assert _code(caught) == "InvalidToken"


def test_executions_are_listed_newest_first_by_status_and_in_pages(cloud: CloudProcess) -> None:
    states, machine = cloud.states, create(cloud.states, returning(1))
    names = [f"run-{number}" for number in range(3)]
    for name in names:
        arn = states.start_execution(stateMachineArn=machine, name=name)["executionArn"]
        _end(cloud, arn)
    first = states.list_executions(stateMachineArn=machine, maxResults=2)
    second = states.list_executions(stateMachineArn=machine, maxResults=2, nextToken=first["nextToken"])
    listed = [item["name"] for item in (*first["executions"], *second["executions"])]
    assert listed == names[::-1]
    assert states.list_executions(stateMachineArn=machine, statusFilter="FAILED")["executions"] == []


def test_an_execution_keeps_the_definition_that_it_was_started_with(cloud: CloudProcess) -> None:
    states = cloud.states
    machine = create(states, waiting(60))
    arn = states.start_execution(stateMachineArn=machine)["executionArn"]
    states.update_state_machine(stateMachineArn=machine, definition=returning(1))
    found = states.describe_state_machine_for_execution(executionArn=arn)
    assert found["definition"] == waiting(60)
    states.stop_execution(executionArn=arn)


def test_an_unknown_execution_is_refused(cloud: CloudProcess) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:execution:nobody:nothing"
    for call in ("describe_execution", "get_execution_history", "stop_execution"):
        with pytest.raises(ClientError) as caught:
            getattr(cloud.client("stepfunctions"), call)(executionArn=arn)
        assert _code(caught) == "ExecutionDoesNotExist"


def _recorded(cloud: CloudProcess, key: str, status: str) -> Any:
    found = cloud.dynamodb.get_item(
        TableName="test-table", Key={"pk": {"S": f"event#{key}"}, "sk": {"S": status}}
    )
    return json.loads(found["Item"]["event"]["S"]) if "Item" in found else None


def test_every_status_change_reaches_the_rules_function_in_the_services_shape(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Only={"Type": "Fail", "Error": "Broken", "Cause": "why"}), {"a": 1})
    begun = wait_for(lambda: _recorded(cloud, arn, "RUNNING"))
    failed = wait_for(lambda: _recorded(cloud, arn, "FAILED"))
    assert begun["detail"]["stopDate"] is None
    assert begun["id"] != failed["id"]
    assert failed["source"] == "aws.states"
    assert failed["detail-type"] == "Step Functions Execution Status Change"
    assert failed["resources"] == [arn]
    detail = failed["detail"]
    described = cloud.states.describe_execution(executionArn=arn)
    assert detail["executionArn"] == arn
    assert detail["stateMachineArn"] == described["stateMachineArn"]
    assert (detail["error"], detail["cause"]) == ("Broken", "why")
    assert detail["input"] == '{"a": 1}'
    assert detail["startDate"] == int(described["startDate"].timestamp() * 1000)
    assert detail["output"] is None


def test_an_event_put_on_the_bus_reaches_the_rules_function(cloud: CloudProcess) -> None:
    key = unique("order")
    answer = cloud.events.put_events(
        Entries=[
            {
                "Source": "shop",
                "DetailType": "order",
                "EventBusName": "test-bus",
                "Detail": json.dumps({"key": key}),
            }
        ]
    )
    assert answer["FailedEntryCount"] == 0
    event = wait_for(lambda: _recorded(cloud, key, "put"))
    assert event["detail"] == {"key": key}
    assert event["id"] == answer["Entries"][0]["EventId"]


def test_hundreds_of_executions_wait_at_once(cloud: CloudProcess) -> None:
    machine = create(cloud.states, chain(Wait={"Type": "Wait", "Seconds": 2}, Call=invoking("return", 1)))
    began = time.monotonic()
    arns = [cloud.states.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(200)]
    assert all(wait_for(lambda arn=arn: ended(cloud.states, arn))["output"] == "1" for arn in arns)  # type: ignore[misc]
    assert time.monotonic() - began < 30


def test_an_error_a_cause_or_a_definition_that_is_too_long_is_refused(cloud: CloudProcess) -> None:
    states, arn = cloud.states, start(cloud.states, waiting(60))
    for given in ({"error": "x" * 257}, {"cause": "x" * 32_769}):
        with pytest.raises(ClientError) as caught:
            cloud.client("stepfunctions").stop_execution(executionArn=arn, **given)
        assert _code(caught) == "ValidationException"
    states.stop_execution(executionArn=arn)
    with pytest.raises(ClientError) as caught:
        create(states, returning("x" * 1024 * 1024))
    assert _code(caught) == "ValidationException"
