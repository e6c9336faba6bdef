"""The API's operations on Map Runs (Step Functions API reference)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.local.states.arn import check_execution
from infra.local.states.map_runs import MapRuns
from infra.local.states.page import page
from infra.local.states.parameters import Parameters


@dataclass(frozen=True, slots=True)
class MapRunOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    map_runs: MapRuns

    def describe(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeMapRun."""
        return self.map_runs.run(parameters.required("mapRunArn")).described()

    def list(self, parameters: Parameters) -> dict[str, Any]:
        """ListMapRuns of an execution, the newest first."""
        found = self.map_runs.of_execution(check_execution(parameters.required("executionArn")))
        return page("mapRuns", [run.listed() for run in found], parameters)
