"""What an exported event must have in it for a run to be rebuilt from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_DETAILS = {
    "ExecutionStarted": "execution_started",
    "StateEntered": "state_entered",
    "StateExited": "state_exited",
    "MapIterationStarted": "map_iteration_started",
}


class _Given(BaseModel):
    model_config = ConfigDict(extra="allow")


class _State(_Given):
    name: str
    output: str = ""
    assigned: dict[str, str] | None = Field(None, alias="assignedVariables")


class _Iteration(_Given):
    name: str
    index: Annotated[int, Field(ge=0)]


class EventShape(_Given):
    """AWS: HistoryEvent, as far as it is read; whatever else is there is left alone."""

    id: Annotated[int, Field(ge=1, strict=True)]
    previous: Annotated[int, Field(ge=0, strict=True, alias="previousEventId")] = 0
    type: str
    timestamp: Annotated[float, Field(strict=True)] | int | str | datetime
    execution_started: dict[str, Any] | None = Field(None, alias="executionStartedEventDetails")
    state_entered: _State | None = Field(None, alias="stateEnteredEventDetails")
    state_exited: _State | None = Field(None, alias="stateExitedEventDetails")
    map_iteration_started: _Iteration | None = Field(None, alias="mapIterationStartedEventDetails")

    @model_validator(mode="after")
    def _has_its_details(self) -> Self:
        for kind, field in _DETAILS.items():
            if self.type.endswith(kind) and getattr(self, field) is None:
                raise ValueError("its details are missing")
        if self.previous >= self.id:
            raise ValueError("it follows an event that comes after it")
        return self
