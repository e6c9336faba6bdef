"""Status changes of executions as EventBridge events.

Source: "Automating Step Functions event delivery with EventBridge" in the developer guide.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from infra.local.names import ACCOUNT, REGION
from infra.local.states.arn import machine_arn
from infra.local.states.record import RUNNING, Ended, Started

_NAMESPACE: Final = uuid.UUID("6f2d1a5e-8c3b-5d0f-9a47-1b0c5e7d2f90")
_REDRIVABLE: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})
REDRIVABLE_SECONDS: Final = 14 * 24 * 3600.0
"""AWS: how long after its end an execution may be redriven."""
_MAXIMUM_BYTES: Final = 248 * 1024
"""Input and output that together exceed the event's size are left out of it."""


def redrive_fields(status: str, redrives: int = 0) -> dict[str, Any]:
    """What is said of an execution's redrives."""
    if status in _REDRIVABLE:
        return {"redriveCount": redrives, "redriveStatus": "REDRIVABLE"}
    reason = f"Execution is {status} and cannot be redriven"
    return {"redriveCount": redrives, "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}


def status_change(
    started: Started, ended: Ended | None, redrives: int = 0, redriven_at: float | None = None
) -> dict[str, Any]:
    """The event of an execution that begins (`ended` None) or ends; its id is the same every time."""
    status = RUNNING if ended is None else ended.status
    begun = redriven_at if redriven_at is not None else started.started_at
    moment = begun if ended is None else ended.stopped_at
    again = f"#{redrives}" if redrives else ""
    return {
        "version": "0",
        "id": str(uuid.uuid5(_NAMESPACE, f"{started.arn}#{status}{again}")),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": ACCOUNT,
        "time": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [started.arn],
        "detail": {
            **_detail(started, ended, status),
            "redriveDate": None if redriven_at is None else int(redriven_at * 1000),
            **redrive_fields(status, redrives),
        },
    }


def _detail(started: Started, ended: Ended | None, status: str) -> dict[str, Any]:
    output = ended.output if ended else None
    included = len(started.input.encode()) + len((output or "").encode()) <= _MAXIMUM_BYTES
    return {
        "executionArn": started.arn,
        "stateMachineArn": machine_arn(started.machine),
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        **started.qualifiers,
        "name": started.name,
        "status": status,
        "startDate": int(started.started_at * 1000),
        "stopDate": int(ended.stopped_at * 1000) if ended else None,
        "input": started.input if included else None,
        "inputDetails": {"included": included},
        "output": output if included else None,
        "outputDetails": None if output is None else {"included": included},
        "error": ended.error if ended else None,
        "cause": ended.cause if ended else None,
        "redriveStatusReason": None,
    }
