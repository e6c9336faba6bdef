"""The API's operations on activities (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.scheduler import Clock
from infra.local.states.activities import POLL_SECONDS, Activities
from infra.local.states.activity import Activity, activity_name, no_such_activity
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.reply import Reply
from translator.interpreter import TaskRequest
from translator.interpreter.payload import encode


@dataclass(frozen=True, slots=True)
class ActivityOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    activities: Activities
    clock: Clock
    poll_seconds: float = POLL_SECONDS

    @property
    def by_name(self) -> Mapping[str, Callable[[Parameters], Mapping[str, Any]]]:
        """The operations under the names that the API has for them."""
        return {
            "CreateActivity": self.create,
            "DescribeActivity": self.describe,
            "ListActivities": self.list,
            "DeleteActivity": self.delete,
            "GetActivityTask": self.get_task,
        }

    def create(self, parameters: Parameters) -> dict[str, Any]:
        """CreateActivity: the same name again gives the same activity, whatever its tags."""
        tags = tuple((tag.required("key"), tag.text("value")) for tag in parameters.items("tags"))
        activity = self.activities.create(Activity(parameters.name("name"), self.clock(), tags))
        return {"activityArn": activity.arn, "creationDate": activity.created_at}

    def describe(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeActivity. Raises ActivityDoesNotExist."""
        return _described(self._get(parameters))

    def list(self, parameters: Parameters) -> dict[str, Any]:
        """ListActivities, by name."""
        return page("activities", [_described(activity) for activity in self.activities.all()], parameters)

    def delete(self, parameters: Parameters) -> dict[str, Any]:
        """DeleteActivity, also of one that is not there."""
        self.activities.remove(activity_name(parameters.required("activityArn")))
        return {}

    def get_task(self, parameters: Parameters) -> dict[str, Any]:
        """GetActivityTask: waits up to a minute; without a task the answer has no token.

        Raises ActivityDoesNotExist or ActivityWorkerLimitExceeded.
        """
        activity = self._get(parameters)
        worker = parameters.name("workerName") if parameters.has("workerName") else None
        task = self.activities.take(activity.name, worker, self.poll_seconds)
        if task is None:
            return {"taskToken": None}
        return {"taskToken": task.token, "input": encode(task.arguments)}

    def _get(self, parameters: Parameters) -> Activity:
        arn = parameters.required("activityArn")
        activity = self.activities.find(activity_name(arn))
        if activity is None:
            raise no_such_activity(arn)
        return activity


def _described(activity: Activity) -> dict[str, Any]:
    return {
        "activityArn": activity.arn,
        "name": activity.name,
        "creationDate": activity.created_at,
    }


def offer(activities: Activities, request: TaskRequest, reply: Reply) -> None:
    """Give a task to its activity, or tell the execution that there is none (recorded text)."""
    name = request.resource.rpartition(":")[2]
    if activities.find(name) is None:
        reply.scheduled(f"The activity {request.resource} does not exist.")
        return
    reply.scheduled(None)
    activities.offer(name, request, reply)
