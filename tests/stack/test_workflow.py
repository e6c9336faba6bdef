"""A workflow's state machine has the type that the compiler decided on, and what that type needs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.activate.firing.stack_resources import stack_resources

pytest.importorskip("aws_cdk")

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PARTS = {
    "Starts": "starts-arn",
    "DeadStarts": "dead-arn",
    "SchedulerRole": "role-arn",
    "ScheduleGroup": "group",
    "Bus": "bus",
}
TRIGGERS: Any = [
    {"id": "nightly", "type": "schedule", "cron": "0 2 * * *", "timezone": "Europe/Rome", "overlap": "skip"},
    {"id": "over", "type": "schedule", "at": "2025-12-24T18:00"},
    {"id": "later", "type": "schedule", "rate": "1 day", "start": "2026-03-01T00:00Z"},
    {"id": "paid", "type": "event", "pattern": {"source": ["shop"], "detail": {"text": ["${Alias}"]}}},
]


@pytest.fixture(scope="module")
def template() -> Any:
    """A stack with state machines of each kind."""
    from aws_cdk import App, Stack  # noqa: PLC0415
    from aws_cdk import aws_iam as iam  # noqa: PLC0415
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415
    from aws_cdk.assertions import Template  # noqa: PLC0415

    from infra.stacks.workflow import (  # noqa: PLC0415
        CompiledWorkflow,
        LogReader,
        Platform,
        SteploomWorkflow,
        log_delivery,
    )
    from infra.topology import topology  # noqa: PLC0415

    stack = Stack(App(), "stack")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
    role.add_to_policy(log_delivery())
    arn = "arn:aws:lambda:eu-central-1:111122223333:function:node_task"
    node_task = lambda_.Function.from_function_arn(stack, "NodeTask", arn)
    logs = topology().machine_logs
    assert logs is not None
    permission = lambda_.CfnPermission(
        stack, "Permission", action="a", function_name=arn, principal="logs.amazonaws.com"
    )
    reader = LogReader(logs, node_task, permission)
    for workflow in (
        CompiledWorkflow("slow", "{}"),
        CompiledWorkflow("quick", "{}", "EXPRESS"),
        CompiledWorkflow("large", "{}", parts={"main-large-part-1": "{}"}),
        CompiledWorkflow("fired", "{}", fired_by=stack_resources("main", "fired", TRIGGERS, NOW)),
    ):
        SteploomWorkflow(
            stack,
            workflow.id,
            project="main",
            workflow=workflow,
            platform=Platform(role, {"node_task": node_task}, log_reader=reader, firing=PARTS),
        )
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def machines(template: Any) -> dict[str, dict[str, Any]]:
    """The properties of the state machines by name."""
    found = template.find_resources("AWS::StepFunctions::StateMachine").values()
    return {one["Properties"]["StateMachineName"]: {**one, **one["Properties"]} for one in found}


def test_an_express_workflow_is_an_express_machine_that_logs_all_events(
    machines: dict[str, dict[str, Any]],
) -> None:
    quick = machines["main-quick_express"]
    assert quick["StateMachineType"] == "EXPRESS"
    logging = quick["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", True)
    [destination] = logging["Destinations"]
    assert destination["CloudWatchLogsLogGroup"]["LogGroupArn"]


def test_the_log_of_an_express_machine_goes_to_the_function_that_may_be_called(template: Any) -> None:
    [group] = template.find_resources("AWS::Logs::LogGroup").items()
    [subscription] = template.find_resources("AWS::Logs::SubscriptionFilter").values()
    assert group[1]["Properties"]["LogGroupName"] == "/aws/vendedlogs/states/main-quick_express"
    assert subscription["Properties"]["LogGroupName"] == {"Ref": group[0]}
    assert subscription["Properties"]["FilterPattern"] == ""
    assert "Permission" in subscription["DependsOn"]


def test_a_standard_workflow_is_a_standard_machine_without_a_log_group(
    machines: dict[str, dict[str, Any]],
) -> None:
    assert machines["main-slow"]["StateMachineType"] == "STANDARD"
    assert "LoggingConfiguration" not in machines["main-slow"]


def test_the_machine_of_a_part_is_there_before_its_workflow_and_stays_when_that_changes(
    machines: dict[str, dict[str, Any]],
) -> None:
    part = machines["main-large-part-1"]
    assert part["DeletionPolicy"] == part["UpdateReplacePolicy"] == "Retain"
    assert any("part1" in name for name in machines["main-large"]["DependsOn"])


def test_the_schedules_of_a_deployed_workflow_say_what_the_table_does_not_know(template: Any) -> None:
    found = template.find_resources("AWS::Scheduler::Schedule").values()
    schedules = {one["Properties"]["Name"]: one["Properties"] for one in found}
    assert set(schedules) == {"fired.nightly", "fired.later"}
    nightly = schedules["fired.nightly"]
    assert (nightly["GroupName"], nightly["ScheduleExpression"]) == ("group", "cron(0 2 * * ? *)")
    assert nightly["Target"]["DeadLetterConfig"] == {"Arn": "dead-arn"}
    text, values = nightly["Target"]["Input"]["Fn::Sub"]
    message = json.loads(text)
    assert message["deployed"]["alias_arn"] == "${Alias}"
    assert message["deployed"]["trigger"]["overlap"] == "skip"
    assert list(values["Alias"]) == ["Fn::GetAtt"] or "Ref" in values["Alias"]
    assert schedules["fired.later"]["StartDate"] == "2026-03-01T00:00:00.000Z"


def test_the_rule_of_a_deployed_workflow_listens_to_the_bus_of_the_stack(template: Any) -> None:
    [rule] = template.find_resources("AWS::Events::Rule").values()
    properties = rule["Properties"]
    assert (properties["Name"], properties["EventBusName"]) == ("main-fired.paid", "bus")
    assert properties["EventPattern"] == {"source": ["shop"], "detail": {"text": ["${Alias}"]}}
    [target] = properties["Targets"]
    assert target["Arn"] == "starts-arn"
    assert "${Alias}" in target["InputTransformer"]["InputTemplate"]["Fn::Sub"][0]
