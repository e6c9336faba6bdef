"""The API's operations on Map Runs (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from infra.local.states.arn import check_execution
from infra.local.states.map_runs import MapRuns
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.record import RUNNING
from infra.local.states.service_error import validation

_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "maxConcurrency": "wanted_concurrency",
        "toleratedFailureCount": "tolerated_count",
        "toleratedFailurePercentage": "tolerated_percentage",
    }
)


@dataclass(frozen=True, slots=True)
class MapRunOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    map_runs: MapRuns
    limit: Callable[[str, str, Mapping[str, Any]], None]
    """Changes the limits of a Map Run: its execution's ARN, its own, the fields of the interpreter's."""

    def update(self, parameters: Parameters) -> dict[str, Any]:
        """UpdateMapRun of one that runs. Raises ResourceNotFound or ValidationException."""
        run = self.map_runs.run(parameters.required("mapRunArn"))
        given = {_FIELDS[name]: parameters.value(name) for name in _FIELDS if parameters.has(name)}
        if not given:
            raise validation(f"At least one of {', '.join(_FIELDS)} must be specified")
        if run.status != RUNNING:
            raise validation(f"The Map Run '{run.arn}' is {run.status} and cannot be updated")
        self.limit(run.execution_arn, run.arn, given)
        return {}

    def describe(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeMapRun."""
        return self.map_runs.run(parameters.required("mapRunArn")).described()

    def list(self, parameters: Parameters) -> dict[str, Any]:
        """ListMapRuns of an execution, the newest first."""
        found = self.map_runs.of_execution(check_execution(parameters.required("executionArn")))
        return page("mapRuns", [run.listed() for run in found], parameters)
