"""The class of failure behind each error name; a test holds it to the translator's own list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

CLASS_OF: Final = MappingProxyType(
    {
        "States.Timeout": "Timeout",
        "States.HeartbeatTimeout": "Timeout",
        "Sandbox.Timedout": "Timeout",
        "States.QueryEvaluationError": "Validation",
        "States.Permissions": "Permission",
        "Lambda.AccessDeniedException": "Permission",
        "Lambda.TooManyRequestsException": "Throttled",
        "Lambda.ServiceException": "System",
        "Lambda.AWSLambdaException": "System",
        "Lambda.SdkClientException": "System",
        "Lambda.ClientExecutionTimeoutException": "System",
        "Lambda.Unknown": "System",
        "Runtime.ExitError": "System",
    }
)
"""Of names that are the service's; any other is a class itself, or the project's own."""


def errors_by_class(timeline: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many attempts of nodes failed by each class; a node without attempts fails once."""
    found: Counter[str] = Counter()
    for node in timeline:
        failed = [attempt["error"] for attempt in node.get("attempts", ()) if attempt["error"]]
        found.update(CLASS_OF.get(name, name) for name in failed)
        if not failed and node["status"] == "failed" and node["error"]:
            found[CLASS_OF.get(node["error"], node["error"])] += 1
    return dict(sorted(found.items()))
