"""Subscription filters that lead to functions (CloudWatch Logs API reference), kept in one file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from infra.local.files import write_whole
from infra.local.functions.registry import FunctionNotFoundError, Functions
from infra.local.logs.service_error import LogsError
from infra.local.scheduler import Clock

_MOST_OF_A_GROUP: Final = 2


@dataclass(frozen=True, slots=True)
class Subscription:
    """One filter of one log group; `created_at` in epoch seconds."""

    group: str
    name: str
    function: str
    """The destination's ARN."""
    created_at: float

    def described(self) -> dict[str, Any]:
        """As DescribeSubscriptionFilters tells it."""
        return {
            "filterName": self.name,
            "logGroupName": self.group,
            "filterPattern": "",
            "destinationArn": self.function,
            "distribution": "ByLogStream",
            "creationTime": int(self.created_at * 1000),
        }


class Subscriptions:
    """All subscriptions by log group; each change is written before it is answered."""

    def __init__(
        self, path: Path, functions: Functions, has_group: Callable[[str], bool], clock: Clock
    ) -> None:
        self._path = path
        self._functions = functions
        self._has_group = has_group
        self._clock = clock
        self._lock = threading.Lock()
        known = json.loads(path.read_bytes()) if path.exists() else []
        self._all = [Subscription(**one) for one in known]

    def of(self, group: str) -> list[Subscription]:
        """The subscriptions of a log group."""
        return [one for one in self._all if one.group == group]

    def operations(self) -> Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]:
        """What of the service's API is answered here: the request's parameters in, the answer out."""
        return {
            "PutSubscriptionFilter": self.put,
            "DescribeSubscriptionFilters": self.describe,
            "DeleteSubscriptionFilter": self.delete,
        }

    def put(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """PutSubscriptionFilter; raises LogsError."""
        group, name = str(parameters["logGroupName"]), str(parameters["filterName"])
        self._check(group, str(parameters["destinationArn"]), str(parameters.get("filterPattern", "")))
        with self._lock:
            others = [one for one in self._all if (one.group, one.name) != (group, name)]
            if len([one for one in others if one.group == group]) >= _MOST_OF_A_GROUP:
                raise LogsError("LimitExceededException", "Resource limit exceeded.")
            self._keep([*others, Subscription(group, name, str(parameters["destinationArn"]), self._clock())])
        return {}

    def describe(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """DescribeSubscriptionFilters; raises LogsError."""
        group = str(parameters["logGroupName"])
        self._existing(group)
        prefix = str(parameters.get("filterNamePrefix", ""))
        found = [one.described() for one in self.of(group) if one.name.startswith(prefix)]
        return {"subscriptionFilters": found}

    def delete(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """DeleteSubscriptionFilter; raises LogsError."""
        place = (str(parameters["logGroupName"]), str(parameters["filterName"]))
        with self._lock:
            others = [one for one in self._all if (one.group, one.name) != place]
            if len(others) == len(self._all):
                raise LogsError(
                    "ResourceNotFoundException", "The specified subscription filter does not exist."
                )
            self._keep(others)
        return {}

    def _check(self, group: str, function: str, pattern: str) -> None:
        self._existing(group)
        if pattern:
            raise LogsError(
                "InvalidParameterException",
                "The local cloud delivers whole logs: leave the pattern empty.",
            )
        try:
            self._functions.find(function)
        except FunctionNotFoundError as error:
            message = "Could not execute the lambda function. Make sure the function exists."
            raise LogsError("InvalidParameterException", message) from error

    def _existing(self, group: str) -> None:
        if not self._has_group(group):
            raise LogsError("ResourceNotFoundException", "The specified log group does not exist.")

    def _keep(self, subscriptions: list[Subscription]) -> None:
        write_whole(self._path, json.dumps([asdict(one) for one in subscriptions]).encode())
        self._all = subscriptions
