"""What schedules and rules of workflows need to send what they fire to the queue."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.parts import Firing
from infra.stacks.queues import Queues


class FiringParts(Construct):
    """The group of the project's schedules, and the role that they send with."""

    def __init__(self, scope: Construct, name: str, *, firing: Firing, queues: Queues) -> None:
        super().__init__(scope, name)
        self._stack = Stack.of(self)
        self._firing = firing
        self.queue = queues.by_name[firing.queue]
        self.dead_letters = queues.by_name[firing.dead_letter]
        self.group = scheduler.CfnScheduleGroup(self, "Group", name=firing.schedule_group)
        self.role = self._make_role()

    def parts(self) -> dict[str, str]:
        """ARNs, as grants name them."""
        return {"schedules": self._schedules(), "scheduler_role": self.role.role_arn}

    def _schedules(self) -> str:
        return self._stack.format_arn(
            service="scheduler", resource="schedule", resource_name=f"{self._firing.schedule_group}/*"
        )

    def _make_role(self) -> iam.Role:
        """AWS: Scheduler's execution role, kept to the group against a confused deputy."""
        group = self._stack.format_arn(
            service="scheduler", resource="schedule-group", resource_name=self._firing.schedule_group
        )
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
                actions=["sqs:SendMessage"], resources=[self.queue.queue_arn, self.dead_letters.queue_arn]
            )
        )
        return role
