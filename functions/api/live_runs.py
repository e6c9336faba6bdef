"""Runs that are under way, read from Step Functions at most once a second each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from botocore.exceptions import ClientError

from layers.runtime.history import Event
from layers.runtime.observation import Observation, observe
from layers.runtime.step_functions import StepFunctions
from layers.runtime.store import Store
from layers.runtime.store.runs import Run

FRESH_SECONDS: Final = 1.0
"""DescribeExecution and GetExecutionHistory are throttled in the tens per second (AWS: quotas)."""
KEPT: Final = 100


@dataclass(slots=True)
class LiveRuns:
    """What was seen of running executions; `clock` gives seconds that only grow."""

    store: Store
    client: StepFunctions
    clock: Callable[[], float]
    _seen: dict[str, tuple[float, Observation]] = field(default_factory=dict)
    _ended: dict[str, dict[str, Sequence[Event]]] = field(default_factory=dict)
    """By run the histories of those of its executions that have ended."""

    def look(self, run: Run) -> Observation | None:
        """The execution of a run as it was within the last second; None if there is no such execution."""
        seen_at, seen = self._seen.get(run.id, (0.0, None))
        if seen is not None and self.clock() - seen_at < FRESH_SECONDS:
            return seen
        try:
            known = self._ended.setdefault(run.id, {})
            fresh = observe(self.store, self.client, run.workflow, run.execution_arn, known)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                return None
            raise
        while len(self._seen) >= KEPT:
            oldest = next(iter(self._seen))
            del self._seen[oldest]
            self._ended.pop(oldest, None)
        self._seen[run.id] = (self.clock(), fresh)
        return fresh
