"""The Lambda entry of node_task."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.node_task.chaining import invoke_chain
from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords, Records
from functions.node_task.sub_runs import FindWorkflow, no_workflow
from layers.runtime.json_value import JsonValue
from layers.runtime.objects import Objects, open_objects
from layers.runtime.observability import logger
from layers.runtime.settings import Settings


@cache
def records() -> Records:
    """The records of this warm instance: of the deployment's table, else of the process."""
    settings = Settings.from_environment(os.environ)
    if settings.table is None:
        return MemoryRecords()
    from functions.node_task.table_records import open_records  # noqa: PLC0415 (boto3: 170 ms, not for all)

    return open_records(settings)


@cache
def objects() -> Objects:
    """Where this warm instance keeps large values."""
    return open_objects(Settings.from_environment(os.environ))


@cache
def find_workflow() -> FindWorkflow:
    """How this warm instance finds other workflows of the project."""
    settings = Settings.from_environment(os.environ)
    if settings.table is None:
        return no_workflow
    from functions.node_task.table_workflows import open_workflows  # noqa: PLC0415 (boto3: 170 ms, not for all)

    return open_workflows(settings)


def _answer(event: Mapping[str, Any]) -> dict[str, JsonValue]:
    if "chain" in event:
        return invoke_chain(event, _invoke)
    if "start" in event:
        return invoke_node(
            event, _records_for(event), time.time, objects=objects(), find_workflow=find_workflow()
        )
    return _invoke(event)


def _invoke(event: Mapping[str, Any]) -> dict[str, JsonValue]:
    return invoke_node(event, _records_for(event), time.time, objects=objects())


def _records_for(event: Mapping[str, Any]) -> Records:
    """The table only for nodes that leave something in it: most need not even open it."""
    is_repeatable = event.get("effect") in {"read", "idempotent"}
    return MemoryRecords() if is_repeatable and event.get("type") != "respond" else records()


def _was_asked_before(context: object) -> bool:
    """The local cloud says so in the client context; Step Functions sends none."""
    custom = getattr(getattr(context, "client_context", None), "custom", None) or {}
    return "repeated" in custom


def handler(event: Mapping[str, Any], context: object) -> dict[str, JsonValue]:
    """Runs the node, or the chain, that the machine names; exceptions become the Task's errors."""
    if _was_asked_before(context):
        event = {**event, "repeated": True}
    about = {name: event.get(name) for name in ("project", "run", "node", "type", "attempt")}
    started = time.monotonic()
    try:
        answer = _answer(event)
    except Exception as error:
        logger().warning("node failed", extra={**about, "error": type(error).__name__, "cause": str(error)})
        raise
    logger().info("node succeeded", extra={**about, "seconds": round(time.monotonic() - started, 3)})
    return answer
