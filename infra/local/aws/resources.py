"""Makes table, bucket, queues, bus, schedule group and rules of a deployment where they do not exist yet."""

from __future__ import annotations

import json

from infra.local.aws.clients import Clients
from infra.local.names import (
    event_arn,
    function_arn,
    function_name,
    machine_arn,
    queue_arn,
    queue_name,
    queue_url,
    role_arn,
)
from infra.parts import Firing, Machine, Queue
from infra.topology import Bucket, Rule, Table, Topology


def create_missing(deployment: Topology, clients: Clients) -> None:
    """Bring the emulated services to what the deployment says; data that is there stays."""
    _create_table(deployment.table, clients)
    if deployment.bucket is not None:
        _create_bucket(deployment.bucket, clients)
    # A queue cannot name a dead-letter queue that does not exist yet.
    for queue in sorted(deployment.queues, key=lambda queue: queue.dead_letter is not None):
        _create_queue(queue, deployment.project, clients)
    _create_bus(deployment.bus, clients)
    if deployment.firing is not None:
        _create_schedule_group(deployment.firing.schedule_group, clients)
        _create_archive(deployment.firing, deployment.bus, clients)
    for rule in deployment.rules:
        _put_rule(rule, deployment, clients)
    for machine in deployment.machines:
        _put_machine(machine, deployment, clients)


def _create_table(table: Table, clients: Clients) -> None:
    dynamodb = clients.of("dynamodb")
    if table.name in dynamodb.list_tables()["TableNames"]:
        return
    keys = {"pk", "sk", *(key for index in table.indexes for key in (index.partition_key, index.sort_key))}
    dynamodb.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_key_schema("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": _key_schema(index.partition_key, index.sort_key),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in table.indexes
        ],
    )
    dynamodb.update_time_to_live(
        TableName=table.name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
    )


def _key_schema(partition_key: str, sort_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition_key, "KeyType": "HASH"},
        {"AttributeName": sort_key, "KeyType": "RANGE"},
    ]


def _create_bucket(bucket: Bucket, clients: Clients) -> None:
    s3 = clients.of("s3")
    if bucket.name not in {known["Name"] for known in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket.name)
    expire = {
        "ID": "runs",
        "Status": "Enabled",
        "Filter": {"Prefix": bucket.prefix},
        "Expiration": {"Days": bucket.expire_days},
    }
    s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": [expire]})


def _create_queue(queue: Queue, project: str, clients: Clients) -> None:
    sqs = clients.of("sqs")
    name = queue_name(project, queue.name)
    known = [url.rpartition("/")[2] for url in sqs.list_queues(QueueNamePrefix=name).get("QueueUrls", ())]
    if name not in known:
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        sqs.create_queue(QueueName=name, Attributes=fifo)
    attributes = {
        "VisibilityTimeout": str(queue.visibility_seconds),
        "MessageRetentionPeriod": str(queue.retention_seconds),
    }
    if queue.dead_letter is not None:
        dead_letter = queue_arn(queue_name(project, queue.dead_letter))
        policy = {"deadLetterTargetArn": dead_letter, "maxReceiveCount": queue.most_receives}
        attributes["RedrivePolicy"] = json.dumps(policy)
    sqs.set_queue_attributes(QueueUrl=queue_url(clients.endpoint_url, name), Attributes=attributes)


def _create_bus(name: str, clients: Clients) -> None:
    events = clients.of("events")
    if name not in {bus["Name"] for bus in events.list_event_buses(NamePrefix=name)["EventBuses"]}:
        events.create_event_bus(Name=name)


def _create_schedule_group(name: str, clients: Clients) -> None:
    scheduler = clients.of("scheduler")
    if name not in {group["Name"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]}:
        scheduler.create_schedule_group(Name=name)


def _create_archive(firing: Firing, bus: str, clients: Clients) -> None:
    events = clients.of("events")
    if firing.archive not in {known["ArchiveName"] for known in events.list_archives()["Archives"]}:
        source = event_arn("event-bus", bus)
        events.create_archive(
            ArchiveName=firing.archive, EventSourceArn=source, RetentionDays=firing.archive_days
        )


def _put_rule(rule: Rule, deployment: Topology, clients: Clients) -> None:
    bus = deployment.bus if rule.bus == "platform" else "default"
    events = clients.of("events")
    if rule.schedule is not None:
        events.put_rule(Name=rule.name, EventBusName=bus, ScheduleExpression=rule.schedule)
    else:
        events.put_rule(Name=rule.name, EventBusName=bus, EventPattern=json.dumps(rule.pattern))
    target = function_arn(function_name(deployment.project, rule.function))
    events.put_targets(Rule=rule.name, EventBusName=bus, Targets=[{"Id": rule.function, "Arn": target}])


def _put_machine(machine: Machine, deployment: Topology, clients: Clients) -> None:
    project = deployment.project
    text = json.dumps(machine.definition)
    for function in machine.functions:
        text = text.replace(f"{{function:{function}}}", function_arn(function_name(project, function)))
    states = clients.of("stepfunctions")
    name, role = machine.named(project), role_arn(f"{project}-machines")
    try:
        states.create_state_machine(name=name, definition=text, roleArn=role)
    except states.exceptions.StateMachineAlreadyExists:  # of an earlier start, and otherwise then
        states.update_state_machine(stateMachineArn=machine_arn(name), definition=text, roleArn=role)
