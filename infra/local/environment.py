"""The environment of each function: the topology's values with its parts' names and ARNs filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.names import (
    LATEST,
    REGION,
    event_arn,
    function_arn,
    function_name,
    log_group,
    machine_arn,
    queue_arn,
    queue_name,
    queue_url,
    role_arn,
)
from infra.topology import Function, Topology


@dataclass(frozen=True, slots=True)
class Parts:
    """What the placeholders `{part}` of a topology's environment values stand for."""

    values: Mapping[str, str]

    def fill(self, template: str) -> str:
        """The value with its placeholders replaced; raises KeyError for a part that does not exist."""
        for part in _placeholders(template):
            template = template.replace(f"{{{part}}}", self.values[part])
        return template


def parts_of(deployment: Topology, development_token: str, aws_url: str) -> Parts:
    """The parts of a deployment as they are named in the local cloud."""
    functions = {
        f"function:{function.name}": function_arn(function_name(deployment.project, function.name))
        for function in deployment.functions
    }
    queues = {
        f"queue:{queue.name}": queue_url(aws_url, queue_name(deployment.project, queue.name))
        for queue in deployment.queues
    }
    queues |= {
        f"queue_arn:{queue.name}": queue_arn(queue_name(deployment.project, queue.name))
        for queue in deployment.queues
    }
    machines = {
        f"machine:{machine.name}": machine_arn(machine.named(deployment.project))
        for machine in deployment.machines
    }
    return Parts(
        {
            "project": deployment.project,
            "table": deployment.table.name,
            "bucket": deployment.bucket.name if deployment.bucket is not None else "",
            "bus": deployment.bus,
            "machine_role": role_arn(f"{deployment.project}-machines"),
            "bus_arn": event_arn("event-bus", deployment.bus),
            "archive_arn": event_arn("archive", deployment.firing.archive) if deployment.firing else "",
            "schedule_group": deployment.firing.schedule_group if deployment.firing is not None else "",
            "scheduler_role": role_arn(f"{deployment.project}-scheduler"),
            "development_token": development_token,
            **functions,
            **queues,
            **machines,
        }
    )


def environment_of(function: Function, name: str, parts: Parts, aws_url: str) -> dict[str, str]:
    """Everything a function's process sees: the topology's values, the service's own, and our endpoint.

    The names are the reserved ones of Lambda's runtime (AWS: "Defined runtime environment variables").
    """
    own = {key: parts.fill(value) for key, value in function.environment.items()}
    return {
        **own,
        "AWS_ENDPOINT_URL": aws_url,
        # The prefix of StartSyncExecution's host makes no name of an address.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": LATEST,
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group(name),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "_HANDLER": function.handler,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "TZ": ":UTC",
    }


def _placeholders(template: str) -> list[str]:
    return [piece.split("}", 1)[0] for piece in template.split("{")[1:] if "}" in piece]
