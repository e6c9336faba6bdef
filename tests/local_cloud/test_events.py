"""Rules and schedules of the local cloud, through boto3."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for
from .machines import create, returning

pytestmark = pytest.mark.slow
_QUEUE = "arn:aws:sqs:us-east-1:000000000000:{}"


def _queue(cloud: CloudProcess, name: str) -> str:
    return str(cloud.client("sqs").create_queue(QueueName=name)["QueueUrl"])


def _received(cloud: CloudProcess, queue: str, count: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def look() -> bool:
        answer = cloud.client("sqs").receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        found.extend(answer.get("Messages", []))
        return len(found) >= count

    wait_for(look)
    return found


def _rule(cloud: CloudProcess, name: str, pattern: object, **target: Any) -> None:
    cloud.events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    cloud.events.put_targets(Rule=name, Targets=[{"Id": "only", **target}])  # type: ignore[list-item]


def _put(cloud: CloudProcess, **detail: Any) -> str:
    entry = {"Source": "shop", "DetailType": "sale", "Detail": json.dumps(detail)}
    return str(cloud.events.put_events(Entries=[entry])["Entries"][0]["EventId"])  # type: ignore[list-item]


def test_a_rule_of_a_client_gives_matching_events_to_a_queue(cloud: CloudProcess) -> None:
    queue = _queue(cloud, "dear")
    _rule(cloud, "dear", {"detail": {"price": [{"numeric": [">", 100]}]}}, Arn=_QUEUE.format("dear"))
    _put(cloud, price=5)
    identity = _put(cloud, price=500)
    (message,) = _received(cloud, queue)
    event = json.loads(message["Body"])
    assert event["id"] == identity
    assert event["detail"] == {"price": 500}


def test_a_rule_starts_a_state_machine_with_the_transformed_event(cloud: CloudProcess) -> None:
    machine = create(cloud.states, returning("{% $states.input %}"), "by-rule")
    transformer = {
        "InputPathsMap": {"price": "$.detail.price", "name": "$.detail.name"},
        "InputTemplate": '{"price": <price>, "text": "<name> costs <price>", "rule": <aws.events.rule-name>}',
    }
    _rule(cloud, "starts", {"detail": {"name": ["lamp"]}}, Arn=machine, InputTransformer=transformer)
    _put(cloud, price=5, name="lamp")
    execution = wait_for(lambda: cloud.states.list_executions(stateMachineArn=machine)["executions"])[0]
    given = json.loads(cloud.states.describe_execution(executionArn=execution["executionArn"])["input"])
    assert given == {"price": 5, "text": "lamp costs 5", "rule": "starts"}


def test_what_a_target_does_not_take_goes_to_its_dead_letter_queue(cloud: CloudProcess) -> None:
    queue = _queue(cloud, "dead")
    _rule(
        cloud,
        "to-nobody",
        {"detail": {"lost": [True]}},
        Arn="arn:aws:lambda:us-east-1:000000000000:function:nobody",
        DeadLetterConfig={"Arn": _QUEUE.format("dead")},
    )
    _put(cloud, lost=True)
    (message,) = _received(cloud, queue)
    assert json.loads(message["Body"])["detail"] == {"lost": True}
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "RESOURCE_NOT_FOUND"


def test_a_wrong_pattern_is_refused_and_a_right_one_can_be_tried(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError) as raised:
        cloud.events.put_rule(Name="wrong", EventPattern='{"source": "shop"}')
    assert raised.value.response["Error"]["Code"] == "InvalidEventPatternException"
    event = dict.fromkeys(("id", "account", "source", "time", "region", "resources", "detail-type"), "x")
    answer = cloud.events.test_event_pattern(EventPattern='{"source": ["x"]}', Event=json.dumps(event))
    assert answer["Result"] is True


def test_entries_of_put_events_fail_one_by_one(cloud: CloudProcess) -> None:
    good = {"Source": "shop", "DetailType": "sale", "Detail": "{}"}
    entries = [good, {**good, "Detail": "no json"}, {**good, "Source": ""}, {**good, "Source": "aws.ec2"}]
    answer = cloud.events.put_events(Entries=entries)  # type: ignore[arg-type]
    assert answer["FailedEntryCount"] == 3
    assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [
        None,
        "MalformedDetail",
        "InvalidArgument",
        "NotAuthorizedForSourceException",
    ]


def _schedule(cloud: CloudProcess, name: str, expression: str, **options: Any) -> None:
    target = {"RoleArn": "arn:aws:iam::000000000000:role/x", **options.pop("Target")}
    cloud.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"}, Target=target, **options
    )


def test_a_rate_fires_at_once_and_its_input_tells_the_scheduled_time(cloud: CloudProcess) -> None:
    queue = _queue(cloud, "rated")
    given = '{"at": "<aws.scheduler.scheduled-time>", "by": "<aws.scheduler.schedule-arn>"}'
    _schedule(cloud, "rated", "rate(1 hour)", Target={"Arn": _QUEUE.format("rated"), "Input": given})
    (message,) = _received(cloud, queue)
    body = json.loads(message["Body"])
    assert body["by"].endswith("schedule/default/rated")
    assert datetime.fromisoformat(body["at"]) <= datetime.now(UTC)


def test_a_one_time_schedule_calls_any_service_and_deletes_itself(cloud: CloudProcess) -> None:
    queue = _queue(cloud, "universal")
    moment = datetime.now(UTC) + timedelta(seconds=1)
    _schedule(
        cloud,
        "once",
        f"at({moment:%Y-%m-%dT%H:%M:%S})",
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "Input": json.dumps({"QueueUrl": queue, "MessageBody": "now"}),
        },
    )
    (message,) = _received(cloud, queue)
    assert message["Body"] == "now"
    wait_for(lambda: not cloud.client("scheduler").list_schedules(NamePrefix="once")["Schedules"])


@pytest.mark.parametrize(
    ("expression", "zone"),
    [("cron(0 9 * * *)", "UTC"), ("rate(5 fortnights)", "UTC"), ("rate(1 hour)", "Rome")],
)
def test_a_schedule_that_never_could_fire_is_refused(cloud: CloudProcess, expression: str, zone: str) -> None:
    with pytest.raises(ClientError) as raised:
        _schedule(
            cloud, "bad", expression, ScheduleExpressionTimezone=zone, Target={"Arn": _QUEUE.format("x")}
        )
    assert raised.value.response["Error"]["Code"] == "ValidationException"
