"""What the environment says about this deployment (the names are those of infra/topology.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layers.runtime.errors import ConfigurationError

_PROJECT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one function; what it does not need is None."""

    project: str = "main"
    table: str | None = None
    bucket: str | None = None
    activate_function: str | None = None
    bulk_machine: str | None = None
    node_task_function: str | None = None
    node_task_medium_function: str | None = None
    node_task_large_function: str | None = None
    recorder_function: str | None = None
    machine_role: str | None = None
    bus: str | None = None
    bus_arn: str | None = None
    archive_arn: str | None = None
    starts_queue: str | None = None
    starts_arn: str | None = None
    dead_starts_arn: str | None = None
    polls_arn: str | None = None
    schedule_group: str | None = None
    scheduler_role: str | None = None
    development_token: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Reads `STEPLOOM_*`; raises ConfigurationError for a project that no key may begin with."""
        project = environment.get("STEPLOOM_PROJECT") or "main"
        if not _PROJECT.fullmatch(project):
            raise ConfigurationError(
                f"STEPLOOM_PROJECT is '{project}': write lower-case letters, digits and single hyphens"
            )
        return cls(
            project=project,
            table=environment.get("STEPLOOM_TABLE") or None,
            bucket=environment.get("STEPLOOM_BUCKET") or None,
            activate_function=environment.get("STEPLOOM_ACTIVATE_FUNCTION") or None,
            bulk_machine=environment.get("STEPLOOM_BULK_MACHINE") or None,
            node_task_function=environment.get("STEPLOOM_NODE_TASK_FUNCTION") or None,
            node_task_medium_function=environment.get("STEPLOOM_NODE_TASK_MEDIUM_FUNCTION") or None,
            node_task_large_function=environment.get("STEPLOOM_NODE_TASK_LARGE_FUNCTION") or None,
            recorder_function=environment.get("STEPLOOM_RECORDER_FUNCTION") or None,
            machine_role=environment.get("STEPLOOM_MACHINE_ROLE") or None,
            bus=environment.get("STEPLOOM_BUS") or None,
            bus_arn=environment.get("STEPLOOM_BUS_ARN") or None,
            archive_arn=environment.get("STEPLOOM_ARCHIVE_ARN") or None,
            starts_queue=environment.get("STEPLOOM_STARTS_QUEUE") or None,
            starts_arn=environment.get("STEPLOOM_STARTS_ARN") or None,
            dead_starts_arn=environment.get("STEPLOOM_DEAD_STARTS_ARN") or None,
            polls_arn=environment.get("STEPLOOM_POLLS_ARN") or None,
            schedule_group=environment.get("STEPLOOM_SCHEDULE_GROUP") or None,
            scheduler_role=environment.get("STEPLOOM_SCHEDULER_ROLE") or None,
            development_token=environment.get("STEPLOOM_DEVELOPMENT_TOKEN") or None,
        )

    def required(self, name: str) -> str:
        """One setting that this function cannot do without; raises ConfigurationError if it is missing."""
        value: str | None = getattr(self, name)
        if value is None:
            raise ConfigurationError(f"STEPLOOM_{name.upper()} is not set in this function's environment")
        return value
