"""One local cloud for all tests of this folder, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
import pytest
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_stepfunctions import SFNClient

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).parent / "deployment.py"
_T = TypeVar("_T")


@dataclass
class CloudProcess:
    """A local cloud in a process of its own."""

    process: subprocess.Popen[str]
    folder: Path
    front: str
    aws: str
    token: str

    def client(self, service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.aws,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    @cached_property
    def states(self) -> SFNClient:
        client: SFNClient = self.client("stepfunctions")
        return client

    @cached_property
    def functions(self) -> LambdaClient:
        client: LambdaClient = self.client("lambda")
        return client

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @cached_property
    def events(self) -> EventBridgeClient:
        client: EventBridgeClient = self.client("events")
        return client

    def invoke(self, do: str, argument: Any = None) -> Any:
        """Invoke the function `echo`; its answer parsed."""
        payload = json.dumps({"do": do, "argument": argument})
        return json.loads(self.functions.invoke(FunctionName="test-echo", Payload=payload)["Payload"].read())

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


def start_cloud(folder: Path, front_port: int = 0, aws_port: int = 0) -> CloudProcess:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), str(front_port), str(aws_port)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    return CloudProcess(process, folder, ready["front"], ready["aws"], ready["token"])


def wait_for(what: Callable[[], _T | None], seconds: float = 40.0) -> _T:
    """What the function gives once it gives something true; fails after a bound."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"{what} gave nothing within {seconds} seconds"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    running = start_cloud(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()
