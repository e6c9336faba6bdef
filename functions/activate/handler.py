"""The Lambda entry of activate."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.activate.activation import Activator
from functions.activate.compilation import Compilation
from functions.activate.dispatch import answer
from functions.activate.log_groups import open_log_groups
from functions.activate.machines import open_machines
from layers.runtime.clients import open_store
from layers.runtime.executions import utc_now
from layers.runtime.json_value import JsonValue
from layers.runtime.observability import logger
from layers.runtime.settings import Settings
from translator.compiler import CompileOptions, compile_text


def compile_definition(text: str, *, file_name: str, project: str) -> Compilation:
    """The compiler, for machines of one project."""
    return compile_text(text, file_name=file_name, options=CompileOptions(project=project))


@cache
def activator() -> Activator:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    groups = open_log_groups(settings.required("recorder_function"))
    return Activator(
        store=open_store(settings),
        machines=open_machines(settings.required("machine_role"), groups),
        compile=compile_definition,
        parts={
            "NodeTaskFunction": settings.required("node_task_function"),
            "NodeTaskMediumFunction": settings.required("node_task_medium_function"),
            "NodeTaskLargeFunction": settings.required("node_task_large_function"),
            "RunsBucket": settings.required("bucket"),
        },
        clock=utc_now,
    )


def handler(event: Mapping[str, Any], context: object) -> dict[str, JsonValue]:
    """Answers the API's invocations; see functions.activate.dispatch."""
    del context
    answered = answer(event, activator())
    problem = answered.get("problem")
    about = {"action": event["action"], "workflow": event.get("workflow")}
    if isinstance(problem, Mapping):
        logger().warning("refused", extra={**about, "code": problem["code"], "detail": problem["detail"]})
    else:
        logger().info("done", extra=about)
    return answered
