"""Activities: tasks that workers outside ask for, through boto3."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from .conftest import CloudProcess, start_cloud, wait_for
from .machines import chain, ended, start

UNKNOWN = "arn:aws:states:us-east-1:000000000000:activity:nobody"


def _activity(cloud: CloudProcess, name: str) -> str:
    return cloud.states.create_activity(name=name)["activityArn"]


def _working(arn: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": arn, **more}


def _take(cloud: CloudProcess, arn: str, worker: str = "worker") -> dict[str, Any]:
    answer = dict(cloud.states.get_activity_task(activityArn=arn, workerName=worker))
    assert "taskToken" in answer
    return answer


def _kinds(cloud: CloudProcess, arn: str) -> list[str]:
    return [event["type"] for event in cloud.states.get_execution_history(executionArn=arn)["events"]]


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_an_activity_is_created_once_described_listed_and_deleted(cloud: CloudProcess) -> None:
    states = cloud.states
    arn = _activity(cloud, "crud")
    assert arn == "arn:aws:states:us-east-1:000000000000:activity:crud"
    assert _activity(cloud, "crud") == arn
    described = states.describe_activity(activityArn=arn)
    assert (described["name"], described["activityArn"]) == ("crud", arn)
    assert [found["name"] for found in states.list_activities()["activities"]].count("crud") == 1
    states.delete_activity(activityArn=arn)
    states.delete_activity(activityArn=arn)
    with pytest.raises(ClientError) as caught:
        states.describe_activity(activityArn=arn)
    assert _code(caught) == "ActivityDoesNotExist"


def test_activities_are_listed_page_by_page(cloud: CloudProcess) -> None:
    for number in range(3):
        _activity(cloud, f"page-{number}")
    first = cloud.states.list_activities(maxResults=2)
    second = cloud.states.list_activities(maxResults=1000, nextToken=first["nextToken"])
    assert len(first["activities"]) == 2
    assert "nextToken" not in second


def test_bad_names_and_arns_are_refused(cloud: CloudProcess) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.states.create_activity(name="a b")
    assert _code(caught) == "InvalidName"
    with pytest.raises(ClientError) as caught:
        cloud.states.delete_activity(activityArn="nothing")
    assert _code(caught) == "InvalidArn"
    with pytest.raises(ClientError) as caught:
        cloud.states.get_activity_task(activityArn=UNKNOWN)
    assert _code(caught) == "ActivityDoesNotExist"


def test_a_worker_that_waits_gets_the_task_as_soon_as_there_is_one(cloud: CloudProcess) -> None:
    activity = _activity(cloud, "polled")
    taken: list[dict[str, Any]] = []
    worker = threading.Thread(target=lambda: taken.append(_take(cloud, activity, "first")))
    worker.start()
    arn = start(cloud.states, chain(Work=_working(activity)), {"n": 1})
    worker.join(timeout=20)
    assert json.loads(taken[0]["input"]) == {"n": 1}
    cloud.states.send_task_success(taskToken=taken[0]["taskToken"], output='"done"')
    assert json.loads(_end(cloud, arn)["output"]) == "done"
    assert _kinds(cloud, arn) == [
        "ExecutionStarted",
        "TaskStateEntered",
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]


def test_a_task_is_given_to_one_worker_only_and_its_failure_is_the_states(cloud: CloudProcess) -> None:
    activity = _activity(cloud, "failing")
    arns = [start(cloud.states, chain(Work=_working(activity))) for _ in range(2)]
    tokens = {_take(cloud, activity)["taskToken"] for _ in range(2)}
    assert len(tokens) == 2
    for token in tokens:
        cloud.states.send_task_failure(taskToken=token, error="Broken", cause="why")
    for arn in arns:
        description = _end(cloud, arn)
        assert (description["error"], description["cause"]) == ("Broken", "why")
        assert _kinds(cloud, arn)[-2:] == ["ActivityFailed", "ExecutionFailed"]


def test_a_worker_that_falls_silent_loses_its_task(cloud: CloudProcess) -> None:
    activity = _activity(cloud, "silent")
    arn = start(cloud.states, chain(Work=_working(activity, TimeoutSeconds=60, HeartbeatSeconds=1)))
    token = _take(cloud, activity)["taskToken"]
    cloud.states.send_task_heartbeat(taskToken=token)
    assert _end(cloud, arn)["error"] == "States.Timeout"
    assert "ActivityTimedOut" in _kinds(cloud, arn)
    with pytest.raises(ClientError) as caught:
        cloud.states.send_task_success(taskToken=token, output="1")
    assert _code(caught) == "TaskTimedOut"


def test_a_task_without_its_activity_fails_the_run_before_it_is_scheduled(cloud: CloudProcess) -> None:
    arn = start(cloud.states, chain(Work=_working(UNKNOWN)))
    description = _end(cloud, arn)
    assert description["error"] == "States.Runtime"
    assert description["cause"].endswith(
        f"(entered at the event id #2). The activity {UNKNOWN} does not exist."
    )
    assert _kinds(cloud, arn) == ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]


def test_tasks_of_workers_and_those_that_wait_survive_a_kill(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    activity = _activity(first, "kept")
    arns = [start(first.states, chain(Work=_working(activity)), {"n": number}) for number in range(2)]
    wait_for(lambda: all("ActivityScheduled" in _kinds(first, arn) for arn in arns))
    token = _take(first, activity)["taskToken"]
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        assert second.states.describe_activity(activityArn=activity)["name"] == "kept"
        second.states.send_task_success(taskToken=token, output="0")
        other = _take(second, activity)["taskToken"]
        assert other != token
        second.states.send_task_success(taskToken=other, output="1")
        assert {json.loads(_end(second, arn)["output"]) for arn in arns} == {0, 1}
        for arn in arns:
            assert _kinds(second, arn).count("ActivityScheduled") == 1
            assert _kinds(second, arn).count("ActivityStarted") == 1
    finally:
        second.stop()


def test_a_worker_that_waits_keeps_nobody_from_stopping(tmp_path: Path) -> None:
    cloud = start_cloud(tmp_path / "data")
    activity = _activity(cloud, "idle")

    def wait() -> None:
        # Its connection may end before its answer comes.
        with contextlib.suppress(BotoCoreError, ClientError):
            cloud.states.get_activity_task(activityArn=activity)

    threading.Thread(target=wait, daemon=True).start()
    assert cloud.stop() == 0
