"""Finds Map Runs and their child executions, in executions that run and in the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from infra.local.states.executions import Executions
from infra.local.states.map_run_record import ChildRecord, MapRunRecord
from infra.local.states.service_error import (
    invalid_arn,
    no_such_execution,
    no_such_resource,
    wrong_machine_type,
)

_RUN: Final = re.compile(r"arn:[\w-]+:states:[\w-]+:\d{12}:mapRun:(?P<machine>[^:/]{1,80})/[^:/]{1,40}:[^:]+")
_CHILD: Final = re.compile(
    r"arn:[\w-]+:states:[\w-]+:\d{12}:execution:(?P<machine>[^:/]{1,80})/[^:/]{1,40}:[^:]+"
)


@dataclass(frozen=True, slots=True)
class MapRuns:
    """Looks through the executions of the machine that an ARN names; there is no index to keep right."""

    executions: Executions

    def of_execution(self, arn: str) -> list[MapRunRecord]:
        """The Map Runs that an execution has started, the newest first. Raises ExecutionDoesNotExist."""
        found = [run for run in self.executions.map_runs(arn) if run.execution_arn == arn]
        return sorted(found, key=lambda run: run.started_at, reverse=True)

    def run(self, arn: str) -> MapRunRecord:
        """The Map Run of an ARN. Raises InvalidArn or ResourceNotFound."""
        match = _RUN.fullmatch(arn)
        if match is None:
            raise invalid_arn(arn)
        found = next((run for _, run in self._all(match["machine"]) if run.arn == arn), None)
        if found is None:
            raise no_such_resource(arn)
        return found

    def children(self, run: MapRunRecord, status: str) -> list[dict[str, Any]]:
        """The entries of ListExecutions, the newest first. Raises StateMachineTypeNotSupported."""
        if run.express:
            raise wrong_machine_type()
        return [run.listed_child(child) for child in reversed(run.children) if status in ("", child.status)]

    def describe_child(self, arn: str) -> dict[str, Any] | None:
        """The DescribeExecution of a child, or None if the ARN is of no child's form."""
        if _CHILD.fullmatch(arn) is None:
            return None
        _, run, child = self._child(arn)
        return run.described_child(child)

    def child_history(self, arn: str) -> list[dict[str, Any]] | None:
        """The events of a child, or None if the ARN is of no child's form."""
        if _CHILD.fullmatch(arn) is None:
            return None
        parent, run, child = self._child(arn)
        return self.executions.child_history(parent, run.arn, run.children.index(child))

    def _child(self, arn: str) -> tuple[str, MapRunRecord, ChildRecord]:
        match = _CHILD.fullmatch(arn)
        assert match is not None
        for parent, run in self._all(match["machine"]):
            for child in run.children:
                if child.arn == arn:
                    return parent, run, child
        raise no_such_execution(arn)

    def _all(self, machine: str) -> Iterator[tuple[str, MapRunRecord]]:
        for summary in self.executions.of_machine(machine):
            for run in self.executions.map_runs(summary.arn):
                yield summary.arn, run
