"""The clients of AWS services that the functions open, once per warm instance."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, cast

import boto3
from botocore.config import Config

from layers.runtime.endings import Bus
from layers.runtime.queue import Queue, Sqs
from layers.runtime.secrets import Secrets
from layers.runtime.settings import Settings
from layers.runtime.step_functions import RedrivingStepFunctions, StepFunctions, SynchronousStepFunctions
from layers.runtime.store import Store, Table

WAIT_SECONDS: Final = 26
"""How long a webhook waits for a run's end."""


def open_store(settings: Settings) -> Store:
    """The project's part of the table; raises ConfigurationError if no table is set."""
    return Store(Table(settings.required("table"), boto3.client("dynamodb")), settings.project)


def open_step_functions() -> StepFunctions:
    """The client of AWS Step Functions."""
    return cast("StepFunctions", boto3.client("stepfunctions"))


def open_redriving() -> RedrivingStepFunctions:
    """The client that lets failed executions go on."""
    return cast("RedrivingStepFunctions", boto3.client("stepfunctions"))


@cache
def open_synchronous() -> SynchronousStepFunctions:
    """The client that runs Express machines to their end, for a little less than a request may take."""
    # A second try would start a second run (AWS: HTTP APIs give up after 30 seconds).
    config = Config(read_timeout=WAIT_SECONDS, retries={"total_max_attempts": 1})
    return cast("SynchronousStepFunctions", boto3.client("stepfunctions", config=config))


def open_bus() -> Bus:
    """The client of EventBridge."""
    return cast("Bus", boto3.client("events"))


def open_queue(url: str) -> Queue:
    """The queue at an address."""
    return Queue(cast("Sqs", boto3.client("sqs")), url)


@cache
def open_secrets(settings: Settings, clock: Callable[[], float]) -> Secrets:
    """The project's secrets, opened when the first one is needed."""
    return Secrets(boto3.client("secretsmanager"), settings.project, clock)
