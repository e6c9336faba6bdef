"""What schedules need: a group, a role that only sends to the queue, and rights of activation."""

from __future__ import annotations

import pytest

from infra.topology import Topology
from tests.stack.conftest import Synthesised

pytestmark = pytest.mark.validators


def test_schedules_have_a_group_of_the_project(synthesised: Synthesised, parts: Topology) -> None:
    [group] = synthesised.of_type("AWS::Scheduler::ScheduleGroup").values()
    assert parts.firing is not None
    assert group["Name"] == parts.firing.schedule_group == "main-steploom"


def test_the_role_of_schedules_trusts_the_scheduler_for_this_group_and_sends_only_to_its_queues(
    synthesised: Synthesised,
) -> None:
    roles = synthesised.of_type("AWS::IAM::Role")
    [name] = [name for name in roles if name.startswith("FiringSchedulerRole")]
    [trust] = roles[name]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert set(trust["Condition"]["StringEquals"]) == {"aws:SourceAccount", "aws:SourceArn"}
    [statement] = synthesised.statements(name)
    assert statement["Action"] == ["sqs:SendMessage"]
    assert len(statement["Resource"]) == 3


def test_activation_may_make_schedules_of_the_group_and_pass_their_role_to_the_scheduler_only(
    synthesised: Synthesised,
) -> None:
    statements = synthesised.statements(synthesised.role_of("activate"))
    [made] = [one for one in statements if "scheduler:CreateSchedule" in one["Action"]]
    assert "schedule/main-steploom/*" in str(made["Resource"])
    passed = [one for one in statements if one["Action"] == ["iam:PassRole"]]
    services = {one["Condition"]["StringEquals"]["iam:PassedToService"] for one in passed}
    assert services == {"states.amazonaws.com", "scheduler.amazonaws.com"}


def test_start_takes_its_messages_from_the_queue_and_says_which_have_failed(
    synthesised: Synthesised,
) -> None:
    function, _ = synthesised.function("start")
    mappings = synthesised.of_type("AWS::Lambda::EventSourceMapping").values()
    [mapping] = [one for one in mappings if one["FunctionName"] == {"Ref": function}]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_rules_of_the_project_may_send_to_the_queue_and_its_dead_letters_and_no_others(
    synthesised: Synthesised,
) -> None:
    policies = [
        one["PolicyDocument"]["Statement"] for one in synthesised.of_type("AWS::SQS::QueuePolicy").values()
    ]
    sending = [one for policy in policies for one in policy if one["Effect"] == "Allow"]
    assert len(sending) == 2
    for statement in sending:
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert str(statement["Condition"]["ArnLike"]).count("main-*") == 2


def test_the_events_of_the_bus_are_archived_for_replays(synthesised: Synthesised, parts: Topology) -> None:
    [archive] = synthesised.of_type("AWS::Events::Archive").values()
    assert parts.firing is not None
    assert archive["RetentionDays"] == parts.firing.archive_days
