"""What a run took, counted in its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from layers.runtime.history import Event, read_history
from layers.runtime.json_value import JsonObject, json_or_none

MEMORY_MB: Final = {"large": 3_008, "medium": 1_769}
"""Of the sizes of node_task, by the end of the function's name; a test holds them to the deployment."""
SMALL_MB: Final = 512


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over a run and what it started of its own parts."""

    events: int
    transitions: int
    """States entered, and tries after the first: what a Standard execution is billed by (AWS: pricing)."""
    calls: int
    """Of functions."""
    call_seconds: float
    """From calling to the answer: an estimate of what is billed, which histories do not tell."""
    gigabyte_seconds: float
    seconds: float
    """From the first event to the last."""

    def to_json(self) -> JsonObject:
        """As run records keep it."""
        return asdict(self)


def figures_of(events: Sequence[Event]) -> Figures:
    """The figures of a history; a run that is under way has taken so much by now."""
    entered = sum(event["type"].endswith("StateEntered") for event in events)
    again = calls = 0
    call_seconds = gigabyte_seconds = 0.0
    for visit in read_history(events):
        again += max(0, len(visit.attempts) - 1)
        memory = memory_of(visit.parameters)
        for attempt in visit.attempts if memory is not None else ():
            calls += 1
            if attempt.ended_at is not None and memory is not None:
                seconds = (attempt.ended_at - attempt.started_at).total_seconds()
                call_seconds += seconds
                gigabyte_seconds += seconds * memory / 1024
    taken = (events[-1]["timestamp"] - events[0]["timestamp"]).total_seconds() if events else 0.0
    return Figures(
        len(events),
        entered + again,
        calls,
        round(call_seconds, 3),
        round(gigabyte_seconds, 4),
        round(taken, 3),
    )


def memory_of(parameters: str | None) -> int | None:
    """The memory of the function that a Task calls, by its name; None of a Task that calls none."""
    document = json_or_none(parameters)
    name = document.get("FunctionName") if isinstance(document, Mapping) else None
    if not isinstance(name, str):
        return None
    function = name.partition(":function:")[2].split(":")[0]
    return next((memory for size, memory in MEMORY_MB.items() if function.endswith(size)), SMALL_MB)
