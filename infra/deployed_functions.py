"""The Lambda functions of a deployment: what each ships, may do and is told."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from infra.parts import Source
from infra.topology import Function, Grant

_COMMON: Final = MappingProxyType(
    {
        "STEPLOOM_TABLE": "{table}",
        "STEPLOOM_BUCKET": "{bucket}",
        "STEPLOOM_PROJECT": "{project}",
        "POWERTOOLS_SERVICE_NAME": "steploom",
        "POWERTOOLS_METRICS_NAMESPACE": "Steploom",
    }
)
_READ: Final = ("dynamodb:GetItem", "dynamodb:Query")
_WRITE: Final = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
_KEEP_OBJECTS: Final = Grant("objects", ("s3:GetObject", "s3:PutObject"))
_RUNTIME: Final = "layers/runtime"


_RULES: Final = ("PutRule", "PutTargets", "RemoveTargets", "DeleteRule")


def _api() -> Function:
    return Function(
        name="api",
        description="The REST API: definitions, activation, runs",
        packages=("functions/api", _RUNTIME),
        environment={
            **_COMMON,
            "STEPLOOM_ACTIVATE_FUNCTION": "{function:activate}",
            "STEPLOOM_BUS": "{bus}",
            "STEPLOOM_BUS_ARN": "{bus_arn}",
            "STEPLOOM_ARCHIVE_ARN": "{archive_arn}",
            "STEPLOOM_RECORDER_FUNCTION": "{function:recorder}",
            "STEPLOOM_BULK_MACHINE": "{machine:bulk}",
        },
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant("machines", ("states:StartExecution", "states:StopExecution", "states:DescribeExecution")),
            Grant("machines", ("states:GetExecutionHistory", "states:ListExecutions")),
            Grant("machines", ("states:RedriveExecution", "states:ListMapRuns", "states:DescribeMapRun")),
            Grant("function:recorder", ("lambda:InvokeFunction",)),
            Grant("function:activate", ("lambda:InvokeFunction",)),
            Grant("bus", ("events:PutEvents",)),
            Grant("replays", ("events:StartReplay", "events:DescribeReplay")),
            _KEEP_OBJECTS,
        ),
    )


def _bulk() -> Function:
    return Function(
        name="bulk",
        description="Starts one run of many",
        packages=("functions/bulk", _RUNTIME),
        environment=_COMMON,
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant("machines", ("states:StartExecution", "states:StopExecution")),
            Grant("objects", ("s3:PutObject",)),
        ),
    )


def _activate() -> Function:
    return Function(
        name="activate",
        description="Compiles definitions, checks them, and makes state machines of them",
        packages=("functions/activate", "translator", _RUNTIME),
        libraries="compiler",
        memory_mb=1024,
        timeout_seconds=60,
        environment={
            **_COMMON,
            "STEPLOOM_NODE_TASK_FUNCTION": "{function:node_task}",
            "STEPLOOM_NODE_TASK_MEDIUM_FUNCTION": "{function:node_task_medium}",
            "STEPLOOM_NODE_TASK_LARGE_FUNCTION": "{function:node_task_large}",
            "STEPLOOM_MACHINE_ROLE": "{machine_role}",
            "STEPLOOM_RECORDER_FUNCTION": "{function:recorder}",
            "STEPLOOM_BUS": "{bus}",
            "STEPLOOM_STARTS_QUEUE": "{queue:starts}",
            "STEPLOOM_STARTS_ARN": "{queue_arn:starts}",
            "STEPLOOM_DEAD_STARTS_ARN": "{queue_arn:starts-dead}",
            "STEPLOOM_POLLS_ARN": "{queue_arn:polls}",
            "STEPLOOM_SCHEDULE_GROUP": "{schedule_group}",
            "STEPLOOM_SCHEDULER_ROLE": "{scheduler_role}",
        },
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant(
                "machines",
                (
                    "states:CreateStateMachine",
                    "states:UpdateStateMachine",
                    "states:DescribeStateMachine",
                    "states:PublishStateMachineVersion",
                    "states:DeleteStateMachineVersion",
                    "states:CreateStateMachineAlias",
                    "states:UpdateStateMachineAlias",
                    "states:DescribeStateMachineAlias",
                    "states:DeleteStateMachineAlias",
                ),
            ),
            Grant("logs", ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter")),
            Grant("machine_role", ("iam:PassRole",)),
            Grant(
                "schedules",
                tuple(f"scheduler:{verb}Schedule" for verb in ("Create", "Get", "Update", "Delete")),
            ),
            Grant("scheduler_role", ("iam:PassRole",)),
            Grant("rules", tuple(f"events:{verb}" for verb in _RULES)),
            Grant("buses", ("events:DescribeEventBus",)),
            Grant("queue:starts", ("sqs:SendMessage",)),
        ),
    )


def _webhook() -> Function:
    return Function(
        name="webhook",
        description="Receives webhooks and starts runs",
        packages=("functions/webhook", _RUNTIME),
        environment=_COMMON,
        grants=(
            Grant("table", (*_READ, "dynamodb:BatchGetItem", *_WRITE)),
            Grant("machines", ("states:StartExecution", "states:StartSyncExecution", "states:StopExecution")),
            Grant("secrets", ("secretsmanager:GetSecretValue",)),
            _KEEP_OBJECTS,
        ),
    )


_EVALUATOR: Final = (
    *("bounded_functions", "bounded_regex", "bounded_replace", "evaluating", "evaluator"),
    *("extent", "holding", "limits", "message", "result", "service_functions", "watch"),
    # What reads an expression first, to tell how deep it is nested.
    *("depth", "node", "parsing", "problem", "syntax_errors"),
)
_EVALUATING: Final = (
    *(f"translator/expressions/{module}.py" for module in _EVALUATOR),
    "translator/diagnostics/model.py",
    "translator/error_classes.py",
    "translator/json_value.py",
)
"""What evaluates expressions in a function."""


def _start() -> Function:
    return Function(
        name="start",
        description="Starts the runs of what schedules, rules and queues fire",
        packages=("functions/start", *_EVALUATING, _RUNTIME),
        # For its time zones, which Lambda's own Python does not have.
        libraries="compiler",
        environment={**_COMMON, "STEPLOOM_STARTS_QUEUE": "{queue:starts}"},
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant("machines", ("states:StartExecution", "states:StopExecution")),
            Grant("queue:starts", ("sqs:SendMessage",)),
            Grant("objects", ("s3:PutObject",)),
        ),
        sources=(Source("starts"),),
    )


_HTTP_REQUEST: Final = (
    *("translator/nodes", "translator/work", "translator/node_type.py"),
    "translator/expressions/template.py",
)


def _poller() -> Function:
    return Function(
        name="poller",
        description="Asks services for what is new, and fires it",
        packages=("functions/poller", *_HTTP_REQUEST, *_EVALUATING, _RUNTIME),
        libraries="compiler",
        timeout_seconds=60,
        environment={**_COMMON, "STEPLOOM_STARTS_QUEUE": "{queue:starts}"},
        grants=(Grant("table", (*_READ, *_WRITE)), Grant("queue:starts", ("sqs:SendMessage",))),
        sources=(Source("polls", batch_size=1),),
    )


def _node_task() -> Function:
    return Function(
        name="node_task",
        description="Does the work of nodes",
        packages=(
            "functions/node_task",
            "translator/nodes",
            "translator/work",
            *_EVALUATING,
            "translator/chain.py",
            "translator/node_type.py",
            "workflows/functions",
            _RUNTIME,
        ),
        libraries="compiler",
        timeout_seconds=900,
        environment=_COMMON,
        grants=(Grant("table", (*_READ, "dynamodb:BatchGetItem", *_WRITE)), _KEEP_OBJECTS),
    )


def _node_tasks() -> tuple[Function, ...]:
    """One code with more and more memory, for nodes with `resources: medium` and `large`."""
    small = _node_task()
    medium = replace(small, name="node_task_medium", memory_mb=1_769, code=small.name)
    return small, medium, replace(medium, name="node_task_large", memory_mb=3_008)


def _recorder() -> Function:
    return Function(
        name="recorder",
        description="Writes the final record of each run",
        packages=("functions/recorder", _RUNTIME),
        timeout_seconds=300,
        environment={
            **_COMMON,
            "STEPLOOM_BUS": "{bus}",
            "STEPLOOM_STARTS_QUEUE": "{queue:starts}",
        },
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant("bus", ("events:PutEvents",)),
            Grant("queue:starts", ("sqs:SendMessage",)),
            Grant("machines", ("states:DescribeExecution", "states:GetExecutionHistory")),
            Grant("machines", ("states:ListExecutions",)),
            # Of runs that wait for the slot that one has left.
            Grant("machines", ("states:StartExecution", "states:StopExecution")),
        ),
    )


def _sweep() -> Function:
    return Function(
        name="sweep",
        description="Frees slots whose runs are under way no longer",
        packages=("functions/sweep", _RUNTIME),
        timeout_seconds=55,
        environment=_COMMON,
        grants=(
            Grant("table", (*_READ, *_WRITE)),
            Grant("machines", ("states:DescribeExecution", "states:StartExecution", "states:StopExecution")),
        ),
    )


def _authorizer() -> Function:
    return Function(
        name="authorizer",
        description="Says who calls the REST API",
        packages=("functions/authorizer", _RUNTIME),
        timeout_seconds=5,
        environment={**_COMMON, "STEPLOOM_DEVELOPMENT_TOKEN": "{development_token}"},
    )


def deployed_functions() -> tuple[Function, ...]:
    """Every function of a project."""
    started = (_start(), _poller(), _bulk(), _sweep())
    return (_api(), _activate(), _webhook(), *started, *_node_tasks(), _recorder(), _authorizer())
