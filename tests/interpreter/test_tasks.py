"""The events of each kind of task, and the values its expressions see."""

from __future__ import annotations

from typing import Any

import pytest

from translator.interpreter import TaskFailed, TaskSucceeded

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:charge"
ACTIVITY = "arn:aws:states:eu-west-1:111122223333:activity:approve"


def _task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"T": {"Type": "Task", "Resource": resource, **fields, "End": True}}


@pytest.mark.parametrize(
    ("resource", "events"),
    [
        ("arn:aws:states:::lambda:invoke", ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
        ("arn:aws:states:::aws-sdk:s3:listBuckets", ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"],
        ),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"],
        ),
        (FUNCTION, ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"]),
        (ACTIVITY, ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]),
    ],
)
def test_each_kind_of_resource_writes_its_own_events(runner: Any, resource: str, events: list[str]) -> None:
    execution = runner.run(_task(resource), {}, [TaskSucceeded({"ok": True})])
    assert runner.kinds(execution)[2:-2] == events
    assert execution.output == {"ok": True}


def test_the_scheduled_event_says_what_is_called_and_how_long_it_may_take(runner: Any) -> None:
    states = _task(
        "arn:aws:states:::aws-sdk:s3:listBuckets",
        Arguments={"Prefix": "{% $states.input %}"},
        TimeoutSeconds="{% 2 + 3 %}",
        HeartbeatSeconds=4,
        Credentials={"RoleArn": "r"},
    )
    (event,) = runner.of(runner.run(states, "a"), "TaskScheduled")
    assert event["taskScheduledEventDetails"] == {
        "resourceType": "aws-sdk:s3",
        "resource": "listBuckets",
        "region": "eu-west-1",
        "parameters": '{"Prefix":"a"}',
        "timeoutInSeconds": 5,
        "heartbeatInSeconds": 4,
        "taskCredentials": {"roleArn": "r"},
    }


def test_a_task_token_is_in_the_context_and_in_the_request(runner: Any) -> None:
    states = _task(
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Arguments={"t": "{% $states.context.Task.Token %}"},
    )
    execution = runner.make(states)
    (request,) = execution.start()
    assert request.token is not None
    assert request.arguments == {"t": request.token}
    execution.submitted(request.id, {"MessageId": "m"}, execution.now)
    execution.complete(request.id, TaskFailed("Rejected", "no"), execution.now + 60)
    assert runner.kinds(execution)[-3:] == ["TaskSubmitted", "TaskFailed", "ExecutionFailed"]


def test_an_activity_is_started_when_a_worker_takes_it(runner: Any) -> None:
    execution = runner.make(_task(ACTIVITY))
    (request,) = execution.start()
    execution.started(request.id, "anna", execution.now + 5)
    execution.complete(request.id, TaskSucceeded(1), execution.now + 1)
    (event,) = runner.of(execution, "ActivityStarted")
    assert event["activityStartedEventDetails"] == {"workerName": "anna"}


def test_the_context_counts_retries_and_names_the_state(runner: Any) -> None:
    states = _task(
        runner.lambda_invoke,
        Arguments="{% $states.context.State.(Name & RetryCount) %}",
        Retry=[{"ErrorEquals": ["States.ALL"]}],
    )
    execution = runner.make(states)
    (first,) = execution.start()
    execution.complete(first.id, TaskFailed("E"), execution.now)
    (second,) = execution.advance(execution.now + 1)
    assert (first.arguments, second.arguments) == ("T0", "T1")
    assert first.id != second.id


def test_the_context_knows_the_execution_and_the_machine(runner: Any) -> None:
    context = runner.run(
        {"A": {"Type": "Pass", "Output": "{% $states.context %}", "End": True}}, {"n": 1}
    ).output
    assert context["Execution"]["Input"] == {"n": 1}
    assert context["Execution"]["StartTime"] == "2023-11-14T22:13:20.000Z"
    assert context["StateMachine"]["Name"] == "orders"
    assert context["State"] == {"Name": "A", "EnteredTime": "2023-11-14T22:13:20.000Z"}


def test_a_large_result_is_a_failure_of_the_task(runner: Any) -> None:
    execution = runner.run(_task(runner.lambda_invoke), None, [TaskSucceeded("ä" * 131_072)])
    assert execution.error == "States.DataLimitExceeded"
    assert execution.cause.startswith("The state/task 'lambda' returned a result with a size exceeding")


def test_a_failing_expression_names_the_state_the_field_and_the_expression(runner: Any) -> None:
    execution = runner.run({"A": {"Type": "Pass", "Output": {"a": ["{% 'x' + 1 %}"]}, "End": True}})
    (event,) = runner.of(execution, "EvaluationFailed")
    assert event["evaluationFailedEventDetails"]["location"] == "Output/a[0]"
    assert event["previousEventId"] == 0
    assert execution.cause.startswith(
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata "
        "expression ''x' + 1' specified for the field 'Output/a[0]' threw an error during evaluation. T2001: "
    )
