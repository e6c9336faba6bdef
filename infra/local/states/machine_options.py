"""Logging, tracing and encryption of state machines: what is refused, and what holds if nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError
from translator.json_value import JsonValue

DEFAULTS: Final[Mapping[str, dict[str, Any]]] = MappingProxyType(
    {
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": {"enabled": False},
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }
)
HasLogGroup = Callable[[str], bool]
"""Whether there is a log group of that name."""


def read_options(parameters: Parameters, has_log_group: HasLogGroup) -> dict[str, JsonValue]:
    """The options that a request gives, filled up.

    Raises InvalidLoggingConfiguration or InvalidEncryptionConfiguration.
    """
    options: dict[str, JsonValue] = {}
    for name, default in DEFAULTS.items():
        given = parameters.value(name)
        if isinstance(given, Mapping):
            options[name] = {**default, **given}
    _check_logging(options.get("loggingConfiguration"), has_log_group)
    _check_encryption(options.get("encryptionConfiguration"))
    return options


def filled(options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The options with what holds where nothing was said."""
    return {**DEFAULTS, **options}


def log_group_of(logging: Mapping[str, Any]) -> str:
    """The name in `arn:aws:logs:region:account:log-group:NAME:*`, empty if there is none."""
    for destination in logging.get("destinations") or ():
        arn = str((destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn", ""))
        name = arn.partition(":log-group:")[2].removesuffix(":*")
        if name:
            return name
    return ""


def _check_logging(logging: Any, has_log_group: HasLogGroup) -> None:
    if logging is None:
        return
    destinations = logging.get("destinations") or ()
    if len(destinations) > 1 or (logging["level"] != "OFF" and len(destinations) != 1):
        raise _bad_logging("Must specify exactly one Log Destination.")
    if destinations and not log_group_of(logging):
        raise _bad_logging("Must specify exactly one Log Destination.")
    if logging["level"] != "OFF" and not has_log_group(log_group_of(logging)):
        raise _bad_logging("Log Destination not found.")


def _check_encryption(encryption: Any) -> None:
    if encryption is not None and encryption["type"] != "AWS_OWNED_KEY" and not encryption.get("kmsKeyId"):
        raise ServiceError("InvalidEncryptionConfiguration", "Invalid Encryption Configuration: no kmsKeyId")


def _bad_logging(problem: str) -> ServiceError:
    return ServiceError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {problem}")
