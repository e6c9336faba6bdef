"""What schedules and rules of workflows need to send what they fire to the queue."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.parts import Firing
from infra.stacks.queues import Queues
from infra.topology import Topology


class FiringParts(Construct):
    """The group and the role of the project's schedules, the archive of its bus, and who may send."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        topology: Topology,
        firing: Firing,
        bus: events.EventBus,
        queues: Queues,
    ) -> None:
        super().__init__(scope, name)
        self._stack = Stack.of(self)
        self._topology = topology
        self._firing = firing
        self._bus = bus
        self.queue = queues.by_name[firing.queue]
        self.polls = queues.by_name[firing.polls]
        self.dead_letters = queues.by_name[firing.dead_letter]
        self.group = scheduler.CfnScheduleGroup(self, "Group", name=firing.schedule_group)
        self.role = self._make_role()
        self.archive = events.CfnArchive(
            self,
            "Archive",
            archive_name=firing.archive,
            source_arn=bus.event_bus_arn,
            retention_days=firing.archive_days,
        )
        self._let_rules_send()

    def parts(self) -> dict[str, str | list[str]]:
        """ARNs, as grants name them."""
        schedules = self._arn("scheduler", "schedule", f"{self._firing.schedule_group}/*")
        replays = self._arn("events", "replay", f"{self._topology.project}-*")
        return {
            "schedules": schedules,
            "scheduler_role": self.role.role_arn,
            "rules": self._rules(),
            "buses": self._arn("events", "event-bus", "*"),
            "replays": [self.archive.attr_arn, self._bus.event_bus_arn, replays],
        }

    def values(self) -> dict[str, str]:
        """What environments are told."""
        return {
            "schedule_group": self._firing.schedule_group,
            "scheduler_role": self.role.role_arn,
            "bus_arn": self._bus.event_bus_arn,
            "archive_arn": self.archive.attr_arn,
        }

    def placeholders(self) -> dict[str, str]:
        """What stands for the names in what fires deployed workflows."""
        return {
            "Starts": self.queue.queue_arn,
            "DeadStarts": self.dead_letters.queue_arn,
            "SchedulerRole": self.role.role_arn,
            "ScheduleGroup": self.group.ref,
            "Bus": self._bus.event_bus_name,
        }

    def _rules(self) -> list[str]:
        """Rules of workflows, on the default bus and on others."""
        name = f"{self._topology.project}-*"
        return [self._arn("events", "rule", name), self._arn("events", "rule", f"*/{name}")]

    def _let_rules_send(self) -> None:
        """Rules have no role for queues: the queue has to know them (AWS: EventBridge, resource policies)."""
        for queue in (self.queue, self.dead_letters):
            queue.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("events.amazonaws.com")],
                    actions=["sqs:SendMessage"],
                    resources=[queue.queue_arn],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": self._stack.account},
                        "ArnLike": {"aws:SourceArn": self._rules()},
                    },
                )
            )

    def _arn(self, service: str, resource: str, name: str) -> str:
        return self._stack.format_arn(service=service, resource=resource, resource_name=name)

    def _make_role(self) -> iam.Role:
        """AWS: Scheduler's execution role, kept to the group against a confused deputy."""
        group = self._arn("scheduler", "schedule-group", self._firing.schedule_group)
        role = iam.Role(
            self,
            "SchedulerRole",
            description="Sends what schedules fire to the queue of starts",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": self._stack.account, "aws:SourceArn": group}
                },
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn for queue in (self.queue, self.dead_letters, self.polls)],
            )
        )
        return role
