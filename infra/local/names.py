"""The region, the account and the ARNs of the local cloud."""

from __future__ import annotations

from typing import Final

REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"
LATEST: Final = "$LATEST"


def function_name(project: str, function: str) -> str:
    """The deployed name of a function of the topology."""
    return f"{project}-{function}"


def function_arn(name: str) -> str:
    """The ARN of a deployed function."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def role_arn(name: str) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def machine_arn(name: str) -> str:
    """The ARN of a state machine."""
    return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"


def log_group(name: str) -> str:
    """The log group of a deployed function."""
    return f"/aws/lambda/{name}"


def queue_name(project: str, queue: str) -> str:
    """The deployed name of a queue of the topology."""
    return f"{project}-{queue}"


def queue_arn(name: str) -> str:
    """The ARN of a deployed queue."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def queue_url(aws_url: str, name: str) -> str:
    """Where a deployed queue is called."""
    return f"{aws_url}/{ACCOUNT}/{name}"


def event_arn(kind: str, name: str) -> str:
    """The ARN of a part of EventBridge: an `event-bus`, an `archive`."""
    return f"arn:aws:events:{REGION}:{ACCOUNT}:{kind}/{name}"
