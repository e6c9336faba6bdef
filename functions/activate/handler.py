"""The Lambda entry of activate."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.activate.activation import Activator
from functions.activate.compilation import Compilation
from functions.activate.dispatch import answer
from functions.activate.firing.arming import Arming
from functions.activate.firing.rules import open_rules
from functions.activate.firing.schedule_plan import Targets
from functions.activate.firing.schedules import open_schedules
from functions.activate.log_groups import open_log_groups
from functions.activate.machines import open_machines
from layers.runtime.clients import open_queue, open_store
from layers.runtime.executions import utc_now
from layers.runtime.json_value import JsonValue
from layers.runtime.observability import logger
from layers.runtime.settings import Settings
from layers.runtime.store import Store
from translator.compiler import CompileOptions, compile_text


def compile_definition(text: str, *, file_name: str, project: str) -> Compilation:
    """The compiler, for machines of one project."""
    return compile_text(text, file_name=file_name, options=CompileOptions(project=project))


def open_arming(settings: Settings, store: Store) -> Arming:
    """What makes schedules, in the group of the project, and rules."""
    targets = Targets(
        settings.required("starts_arn"),
        settings.required("dead_starts_arn"),
        settings.required("scheduler_role"),
        settings.required("polls_arn"),
    )
    return Arming(
        store=store,
        schedules=open_schedules(settings.required("schedule_group")),
        rules=open_rules(settings.required("bus")),
        targets=targets,
        queue=open_queue(settings.required("starts_queue")),
        clock=utc_now,
    )


@cache
def activator() -> Activator:
    """What this warm instance works with."""
    settings = Settings.from_environment(os.environ)
    groups = open_log_groups(settings.required("recorder_function"))
    store = open_store(settings)
    return Activator(
        store=store,
        machines=open_machines(settings.required("machine_role"), groups),
        compile=compile_definition,
        parts={
            "NodeTaskFunction": settings.required("node_task_function"),
            "NodeTaskMediumFunction": settings.required("node_task_medium_function"),
            "NodeTaskLargeFunction": settings.required("node_task_large_function"),
            "RunsBucket": settings.required("bucket"),
        },
        clock=utc_now,
        arming=open_arming(settings, store),
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
