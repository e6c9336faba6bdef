"""A child execution of a Map Run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from translator.interpreter.batching import Batch
from translator.interpreter.context import timestamp_text
from translator.interpreter.history import Event
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.engine import Engine
    from translator.interpreter.map_run import MapRun


class Child:
    """One execution of a distributed Map's processor, on the batch `index`, which holds `size` items."""

    __slots__ = ("_batch", "engine", "express", "index", "machine_arn", "name", "started_at", "stopped_at")

    def __init__(
        self, index: int, batch: Batch, name: str, machine_arn: str, started_at: float, *, express: bool
    ) -> None:
        self.index = index
        self._batch = batch
        self.name = name
        self.machine_arn = machine_arn
        self.started_at = started_at
        self.express = express
        self.stopped_at: float | None = None
        self.engine: Engine

    @property
    def arn(self) -> str:
        """The execution's ARN."""
        return self.engine.arn

    @property
    def size(self) -> int:
        """The number of its items."""
        return self._batch.size

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
        return self.engine.status

    @property
    def input(self) -> str:
        """Its input as JSON text."""
        return self._batch.payload.text

    @property
    def output(self) -> str | None:
        """Its output as JSON text, once it has succeeded."""
        return None if self.engine.output is None else self.engine.output.text

    @property
    def output_value(self) -> JsonValue:
        """Its output, once it has succeeded."""
        return None if self.engine.output is None else self.engine.output.value

    @property
    def error(self) -> str | None:
        """The error's name, where it has ended badly with one."""
        return self.engine.error

    @property
    def cause(self) -> str | None:
        """The error's cause, where there is one."""
        return self.engine.cause

    @property
    def history(self) -> Sequence[Event]:
        """All its events so far, in the shape of boto3's GetExecutionHistory."""
        return self.engine.history.since(0)

    @property
    def map_runs(self) -> Sequence[MapRun]:
        """The Map Runs that it has started itself."""
        return self.engine.map_runs

    def record(self) -> JsonValue:
        """All that is known of it, as a ResultWriter exports it."""
        failed = {"Error": self.error, "Cause": self.cause}
        output = {"Output": self.output, "OutputDetails": {"Included": True}}
        fields: dict[str, JsonValue] = {
            "ExecutionArn": self.arn,
            "Input": self.input,
            "InputDetails": {"Included": True},
            "Name": self.name,
            **({} if self.output is None else output),
            **{name: value for name, value in failed.items() if value is not None},
            "StartDate": timestamp_text(self.started_at),
            "StateMachineArn": self.machine_arn,
            "Status": self.status,
        }
        return fields if self.stopped_at is None else {**fields, "StopDate": timestamp_text(self.stopped_at)}
