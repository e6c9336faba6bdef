"""What survives a restart, a kill and a Ctrl-C; and what keeps a local cloud from starting."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from infra.local.errors import ProjectNameError
from infra.local.settings import LocalSettings

from .conftest import ROOT, SCRIPT, CloudProcess, start_cloud, wait_for
from .machines import chain, create, ended, invoking, returning, start, waiting

pytestmark = pytest.mark.slow


def _end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def _history(cloud: CloudProcess, arn: str) -> list[Any]:
    events = cloud.states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    return [json.loads(json.dumps(event, default=str)) for event in events]


def _put(cloud: CloudProcess, key: str) -> None:
    cloud.dynamodb.put_item(TableName="test-table", Item={"pk": {"S": key}, "sk": {"S": "x"}})


def _has(cloud: CloudProcess, key: str, sort_key: str = "x") -> bool:
    found = cloud.dynamodb.get_item(TableName="test-table", Key={"pk": {"S": key}, "sk": {"S": sort_key}})
    return "Item" in found


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:1]


def _worker(cloud: CloudProcess) -> int:
    return int(cloud.invoke("context")["process"])


def test_machines_executions_histories_and_data_survive_a_restart(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    machine = create(first.states, returning({"a": [1]}), "kept")
    first.states.publish_state_machine_version(stateMachineArn=machine)
    first.states.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": f"{machine}:1", "weight": 100}]
    )
    arn = first.states.start_execution(stateMachineArn=f"{machine}:live", name="run")["executionArn"]
    before = _end(first, arn)
    events = _history(first, arn)
    _put(first, "kept")
    first.client("s3").create_bucket(Bucket="kept")
    first.client("s3").put_object(Bucket="kept", Key="k", Body=b"content")
    assert first.stop() == 0

    second = start_cloud(tmp_path / "data")
    try:
        after = second.states.describe_execution(executionArn=arn)
        assert {**after, "ResponseMetadata": None} == {**before, "ResponseMetadata": None}
        assert _history(second, arn) == events
        assert (
            second.states.describe_state_machine_alias(stateMachineAliasArn=f"{machine}:live")["name"]
            == "live"
        )
        listed = second.states.list_executions(stateMachineArn=machine)["executions"]
        assert [item["name"] for item in listed] == ["run"]
        assert _has(second, "kept")
        assert second.client("s3").get_object(Bucket="kept", Key="k")["Body"].read() == b"content"
        assert second.token == first.token
    finally:
        second.stop()


def test_a_run_that_a_kill_interrupts_goes_on_after_the_restart(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    done = invoking("return", "done", Assign={"first": "{% $states.result.Payload %}"})
    last = {"Type": "Pass", "Output": "{% $first & ' and ' & $states.input %}"}
    arn = start(first.states, chain(First=done, Slow=invoking("sleep", 1.5), Last=last))
    wait_for(
        lambda: any(event["type"] == "TaskScheduled" and event["id"] > 4 for event in _history(first, arn))
    )
    events = _history(first, arn)
    _put(first, "written just before the kill")
    first.stop(signal.SIGKILL)

    second = start_cloud(tmp_path / "data")
    try:
        assert _end(second, arn)["output"] == '"done and slept"'
        assert _history(second, arn)[: len(events)] == events
        assert _has(second, "written just before the kill")
        assert wait_for(lambda: _has(second, f"event#{arn}", "SUCCEEDED"))
    finally:
        second.stop()


def test_a_wait_that_ended_while_the_cloud_was_down_has_ended_at_its_time(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, waiting(1))
    wait_for(lambda: len(_history(first, arn)) == 2)
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        described = _end(second, arn)
        assert (described["stopDate"] - described["startDate"]).total_seconds() == pytest.approx(1, abs=0.01)
    finally:
        second.stop()


def test_many_runs_killed_at_any_moment_all_end_and_are_all_reported(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    machine = create(
        first.states,
        chain(A=invoking("sleep", 0.2), B={"Type": "Wait", "Seconds": 1}, C=invoking("return", 7)),
    )
    arns = [first.states.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(20)]
    wait_for(lambda: sum(len(_history(first, arn)) > 6 for arn in arns) > 5)
    first.stop(signal.SIGKILL)
    second = start_cloud(tmp_path / "data")
    try:
        assert {_end(second, arn)["output"] for arn in arns} == {"7"}
        assert all(wait_for(lambda arn=arn: _has(second, f"event#{arn}", "SUCCEEDED")) for arn in arns)  # type: ignore[misc]
    finally:
        second.stop()


def test_an_execution_that_cannot_be_replayed_is_marked_as_interrupted(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, waiting(60))
    wait_for(lambda: len(_history(first, arn)) == 2)
    first.stop(signal.SIGKILL)
    (journal,) = (tmp_path / "data" / "executions").glob("*/*.journal")
    journal.write_bytes(journal.read_bytes() + b'{"completed":"nonsense"}\n')
    second = start_cloud(tmp_path / "data")
    try:
        described = _end(second, arn)
        assert described["status"] == "ABORTED"
        assert described["cause"] == "interrupted by a restart of the local cloud"
        assert _history(second, arn)[-1]["type"] == "ExecutionAborted"
        assert wait_for(lambda: _has(second, f"event#{arn}", "ABORTED"))
    finally:
        second.stop()


def test_a_line_that_the_kill_cut_is_as_if_it_had_not_been_written(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, chain(Wait={"Type": "Wait", "Seconds": 2}, Call=invoking("return", 1)))
    _put(first, "whole")
    wait_for(lambda: len(_history(first, arn)) == 2)
    first.stop(signal.SIGKILL)
    for path in (
        *(tmp_path / "data" / "executions").glob("*/*.journal"),
        *(tmp_path / "data" / "aws").glob("*.log"),
    ):
        with path.open("ab") as stream:
            stream.write(b'{"completed":"2","at":')
    second = start_cloud(tmp_path / "data")
    try:
        assert _end(second, arn)["output"] == "1"
        assert _has(second, "whole")
        _put(second, "after")
    finally:
        second.stop(signal.SIGKILL)
    third = start_cloud(tmp_path / "data")
    try:
        assert _has(third, "after")
        assert third.states.describe_execution(executionArn=arn)["status"] == "SUCCEEDED"
    finally:
        third.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_cloud(tmp_path: Path, number: signal.Signals) -> None:
    cloud = start_cloud(tmp_path / "data")
    worker = _worker(cloud)
    assert _is_running(worker)
    assert cloud.stop(number) == (0 if number is not signal.SIGKILL else -9)
    assert wait_for(lambda: not _is_running(worker))


def test_a_stop_with_runs_and_invocations_under_way_is_quick_and_loses_nothing(tmp_path: Path) -> None:
    first = start_cloud(tmp_path / "data")
    arn = start(first.states, chain(Slow=invoking("sleep", 1.5)))
    wait_for(lambda: len(_history(first, arn)) >= 4)
    assert first.stop(signal.SIGINT) == 0
    second = start_cloud(tmp_path / "data")
    try:
        assert _end(second, arn)["output"] == '"slept"'
    finally:
        second.stop()


def test_two_clouds_run_side_by_side_with_data_of_their_own(cloud: CloudProcess, tmp_path: Path) -> None:
    other = start_cloud(tmp_path / "other")
    try:
        create(other.states, returning(1), "only-here")
        names = [machine["name"] for machine in cloud.states.list_state_machines()["stateMachines"]]
        assert "only-here" not in names
        _put(other, "only-here")
        assert not _has(cloud, "only-here")
        assert other.token != cloud.token
    finally:
        other.stop()


def _fails_to_start(*arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        timeout=30,
        check=False,
    )
    assert finished.returncode == 2, finished.stderr
    return str(json.loads(finished.stdout)["error"])


def test_a_port_in_use_is_named_with_what_to_do(cloud: CloudProcess, tmp_path: Path) -> None:
    port = cloud.front.rpartition(":")[2]
    error = _fails_to_start(str(tmp_path / "data"), port, "0")
    assert error.startswith(f"LC001: port {port} (HTTP API) is already in use")
    assert "choose another port" in error


def test_a_data_folder_in_use_is_named_with_what_to_do(cloud: CloudProcess) -> None:
    error = _fails_to_start(str(cloud.folder))
    assert error.startswith(f'LC003: another local cloud is using the data folder "{cloud.folder}"')


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = _fails_to_start(str(tmp_path / "file" / "data"))
    assert error.startswith("LC004: the data folder")


@pytest.mark.parametrize("project", ["A B#", "team--a", "Main"])
def test_a_project_that_no_key_may_begin_with_is_refused_before_anything_starts(
    project: str, tmp_path: Path
) -> None:
    cloud = LocalCloud(LocalSettings(tmp_path / "data", front_port=0, aws_port=0, project=project))
    with pytest.raises(ProjectNameError, match=r"LC007.*is no name of a project"), cloud:
        pass
    assert not (tmp_path / "data").exists()


def test_a_process_runs_one_cloud_at_a_time_and_the_next_sees_nothing_of_it(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, botocore.session\n"
        "from infra.local.cloud import LocalCloud\n"
        "from infra.local.errors import AlreadyRunningError\n"
        "from infra.local.settings import LocalSettings\n"
        "def cloud(name):\n"
        "    folder = pathlib.Path(sys.argv[1]) / name\n"
        "    return LocalCloud(LocalSettings(folder, front_port=0, aws_port=0, warm=False))\n"
        "def buckets(cloud):\n"
        "    session = botocore.session.Session()\n"
        "    session.set_credentials('x', 'x')\n"
        "    return session.create_client('s3', 'us-east-1', endpoint_url=cloud.aws_url)\n"
        "with cloud('one') as first:\n"
        "    buckets(first).create_bucket(Bucket='of-one')\n"
        "    try:\n"
        "        cloud('two').__enter__()\n"
        "    except AlreadyRunningError as error:\n"
        "        print(error)\n"
        "with cloud('two') as again:\n"
        "    again.wait_until_ready()\n"
        "    assert 'of-one' not in [each['Name'] for each in buckets(again).list_buckets()['Buckets']]\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.startswith("LC005: this process already runs a local cloud")
