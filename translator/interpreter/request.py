"""What an execution asks of the outside, and what the outside answers."""

from __future__ import annotations

from dataclasses import dataclass

from translator.interpreter.resource import Resource
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A task to do now; `id` is unique in the execution and the same in every replay of it.

    `resource` is the ARN as the definition has it; `kind` is that ARN parsed. `timeout_seconds` and
    `heartbeat_seconds` are kept by the execution itself and stand here for whoever can stop the work.
    `token` is the task token where the resource waits for one, else None. `retry_count` counts from 0.
    `purpose` is Task, or ItemReader or ResultWriter where a distributed Map asks; these are answered as
    `aws-sdk:s3` answers, with the content as text in `Body`. `repeated`: somebody was asked the same before,
    but ended without an answer; whether it was done is unknown.
    """

    id: str
    resource: str
    kind: Resource
    arguments: JsonValue
    state_name: str
    timeout_seconds: float | None
    heartbeat_seconds: float | None
    token: str | None
    retry_count: int
    credentials: JsonValue = None
    purpose: str = "Task"
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class TaskSucceeded:
    """The task's result: what `$states.result` will be."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """The task's failure, as Retry and Catch will see it."""

    error: str | None = None
    cause: str | None = None


Outcome = TaskSucceeded | TaskFailed
