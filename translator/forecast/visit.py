"""What one visit of a state takes, by figure (AWS: Step Functions, history events and pricing)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from translator.asl import Fail, Map, Parallel, State, Task, Wait
from translator.error_classes import EXPRESSION_FAILED
from translator.lower.draft import INVOKE
from translator.size_class import BY_PLACEHOLDER

EVENTS_OF_A_RUN: Final = 2
"""Its start and its end."""
MOST_INLINE: Final = 40
"""Iterations of an inline Map at once (AWS: Map state, concurrency)."""
MOST_CHILDREN: Final = 10_000
"""Child executions of a distributed Map at once."""
EVENTS_OF_A_RETRY: Final = 3
"""Of an attempt that is tried again: scheduled, started, failed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is counted: what a visit of a state adds by itself, and a failure that is caught."""

    name: str
    of_run: int
    of_visit: Callable[[State], int]
    of_failing: Callable[[State, tuple[str, ...]], int] = lambda _state, _errors: 0
    """What a visit takes more, at most, that is left by a Catch of these errors."""
    of_open: Callable[[State], int] = lambda _state: 0
    """What a visit takes, at least, that is never left, because a failure inside it goes on outside."""
    of_item: Callable[[State], int] = lambda _state: 0
    """What an item of a Map adds to what its states take."""
    of_children: bool = True
    """Whether what a distributed Map's child executions take is part of the run's figure."""
    beside: Literal["sum", "longest"] = "sum"
    """Whether what runs side by side adds up, or only the longest counts."""


def events(state: State) -> int:
    """The history events of a visit that is left, without those of the scopes inside."""
    if isinstance(state, Fail):
        return 1
    if isinstance(state, Task):
        return 6 if is_submitted(state) else 5
    if isinstance(state, Map) and state.distributed is not None:
        return 6
    return 4 if isinstance(state, (Parallel, Map)) else 2


def events_of_item(state: State) -> int:
    """The history events of an iteration of an inline Map, without those of its states: begun and ended."""
    return 2 if isinstance(state, Map) and state.distributed is None else 0


def is_submitted(task: Task) -> bool:
    """Whether the other side first takes on the work and later reports its end."""
    return task.resource.endswith((".sync", ".sync:2", ".waitForTaskToken"))


def calls(state: State) -> int:
    """The Lambda functions that a visit calls."""
    return int(isinstance(state, Task) and state.resource.startswith(INVOKE))


def megabytes(state: State) -> int:
    """The memory of the function that a visit calls."""
    if not (isinstance(state, Task) and calls(state)):
        return 0
    size_class = BY_PLACEHOLDER.get(str(state.arguments.get("FunctionName")))
    return 0 if size_class is None else size_class.megabytes


def most_retries(state: State) -> int:
    """How often a visit may be tried again."""
    if not isinstance(state, Task):
        return 0
    return sum(retrier.max_attempts for retrier in state.retry)


def _failed_expression(state: State, errors: tuple[str, ...]) -> int:
    """An expression that fails behind a call that went well is an event more; of a Parallel, two."""
    if EXPRESSION_FAILED not in errors:
        return 0
    return 2 if isinstance(state, (Parallel, Map)) else 1


def events_of_open(state: State, *, is_cut: bool) -> int:
    """The history events of a visit that is never left: it failed, or it was cut from outside."""
    if isinstance(state, Task):
        return events(state) - 1
    if isinstance(state, (Parallel, Map)):
        return events(state) - 1
    return 2 if isinstance(state, Wait) and is_cut else 1


TRANSITIONS: Final = Figure("transitions", 0, lambda _state: 1, of_open=lambda _state: 1)
LAMBDA_CALLS: Final = Figure("lambda_calls", 0, calls)
LAMBDA_MEGABYTES: Final = Figure("lambda_megabytes", 0, megabytes)
HISTORY_EVENTS: Final = Figure(
    "history_events",
    EVENTS_OF_A_RUN,
    events,
    _failed_expression,
    of_open=lambda state: events_of_open(state, is_cut=False),
    of_item=events_of_item,
    of_children=False,
)
RETRIES: Final = Figure("retries", 0, most_retries)


def milliseconds(call: int, by_node: Mapping[str, int] = MappingProxyType({})) -> Figure:
    """Time: of a Lambda call `call` or what its node is known to take, of a Wait its fixed seconds."""

    def of_visit(state: State) -> int:
        if isinstance(state, Wait):
            return int(state.seconds * 1000) if isinstance(state.seconds, (int, float)) else 0
        is_part = state.origin.role == "part"
        return by_node.get(state.origin.node, call) if isinstance(state, Task) and not is_part else 0

    return Figure("milliseconds", 0, of_visit, beside="longest")
