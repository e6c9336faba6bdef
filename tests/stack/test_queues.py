"""A topology with queues as CloudFormation gets it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from infra.parts import Queue, Source
from infra.topology import Function, Topology, topology

pytestmark = [pytest.mark.validators, pytest.mark.slow]


def _topology(timeout_seconds: int = 60) -> Topology:
    plain = topology()
    taker = Function(
        "taker",
        "Takes orders",
        ("functions/authorizer",),
        timeout_seconds=timeout_seconds,
        sources=(Source("orders", 20, 5, most_batches=2),),
    )
    queues = (Queue("orders", 60, 3600, dead_letter="lost", most_receives=3), Queue("lost"))
    return Topology(plain.project, (taker,), (), "taker", plain.table, plain.bus, (), queues=queues)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    # Imported here: loading the CDK starts Node.
    from aws_cdk import App, Stack, assertions  # noqa: PLC0415
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415

    from infra.stacks.queues import Queues  # noqa: PLC0415

    stack = Stack(App(outdir=str(tmp_path_factory.mktemp("synthesis"))), "queues")
    queues = Queues(stack, "Queues", topology=_topology())
    function = lambda_.Function(
        stack,
        "Taker",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="x.handler",
        code=lambda_.Code.from_inline("#"),
    )
    queues.give_to({"taker": function})
    made: dict[str, Any] = assertions.Template.from_stack(stack).to_json()["Resources"]
    return made


def _of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: made["Properties"] for name, made in template.items() if made["Type"] == kind}


def test_a_queue_leads_what_fails_too_often_to_its_dead_letter_queue(template: dict[str, Any]) -> None:
    queues = {made["QueueName"]: (name, made) for name, made in _of_type(template, "AWS::SQS::Queue").items()}
    assert set(queues) == {"main-orders", "main-lost"}
    orders = queues["main-orders"][1]
    assert orders["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": [queues["main-lost"][0], "Arn"]},
        "maxReceiveCount": 3,
    }
    assert (orders["VisibilityTimeout"], orders["MessageRetentionPeriod"]) == (60, 3600)
    assert all(made["SqsManagedSseEnabled"] for _, made in queues.values())


def test_a_source_becomes_a_mapping_that_reports_failures_one_by_one(template: dict[str, Any]) -> None:
    [mapping] = _of_type(template, "AWS::Lambda::EventSourceMapping").values()
    assert mapping["BatchSize"] == 20
    assert mapping["MaximumBatchingWindowInSeconds"] == 5
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_function_may_receive_and_delete_on_its_queue_alone(template: dict[str, Any]) -> None:
    [policy] = _of_type(template, "AWS::IAM::Policy").values()
    [statement] = policy["PolicyDocument"]["Statement"]
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage"} <= set(statement["Action"])
    [orders] = [
        name
        for name, made in _of_type(template, "AWS::SQS::Queue").items()
        if made["QueueName"] == "main-orders"
    ]
    assert statement["Resource"] == {"Fn::GetAtt": [orders, "Arn"]}


def test_queues_take_only_what_comes_encrypted(template: dict[str, Any]) -> None:
    policies = _of_type(template, "AWS::SQS::QueuePolicy").values()
    statements = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]
    assert len(statements) == 2
    assert all(one["Effect"] == "Deny" and one["Condition"]["Bool"] for one in statements)


def test_a_queue_that_hides_a_message_for_less_than_the_function_takes_is_refused() -> None:
    with pytest.raises(ValueError, match='queue "orders" hides a message for 60 s, but function "taker"'):
        _topology(61)
