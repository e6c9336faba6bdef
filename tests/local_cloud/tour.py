"""What the tour of the Step Functions API does again and again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from .conftest import CloudProcess, wait_for

HELLO = {"Type": "Pass", "Output": "{% 'hello ' & $states.input.name %}", "End": True}


def client_of(cloud: CloudProcess) -> Any:
    """An ordinary client; only the prefix of hosts, which this machine has no names for, is left out."""
    return boto3.client(
        "stepfunctions",
        endpoint_url=cloud.aws,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    )


def definition(**states: Any) -> str:
    first = next(iter(states))
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": first, "States": states})


def refused(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    """Code and message of a call that the service refuses."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def finished(states: Any, execution: str) -> Any:
    def look() -> Any:
        seen = states.describe_execution(executionArn=execution)
        return None if seen["status"] == "RUNNING" else seen

    return wait_for(look)
