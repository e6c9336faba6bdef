"""The states of a machine, prepared: expressions compiled, defaults filled in, targets checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.interpreter.resource import Resource
from translator.interpreter.template import Template


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of a `Retry`."""

    errors: frozenset[str]
    interval_seconds: float
    maximum_attempts: int
    backoff_rate: float
    maximum_delay_seconds: float | None
    full_jitter: bool


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of a `Catch`."""

    errors: frozenset[str]
    next: str
    output: Template | None
    assign: Template | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What all states have; `next` is None where the state ends its scope."""

    name: str
    kind: str
    entered: str
    exited: str
    next: str | None = None
    output: Template | None = None
    assign: Template | None = None
    needs_context: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState(State):
    """Changes data only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedState(State):
    """Ends its scope well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailState(State):
    """Ends the execution, or its branch, with an error."""

    error: Template | None
    cause: Template | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a Choice's `Choices`."""

    condition: Template
    next: str
    output: Template | None
    assign: Template | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceState(State):
    """Goes on where the first true condition says, else to `default`."""

    rules: tuple[Rule, ...]
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitState(State):
    """Waits for seconds or until a time: exactly one of the two is given."""

    seconds: Template | None
    timestamp: Template | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedState(State):
    """A state that Retry and Catch exist for."""

    arguments: Template | None = None
    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState(GuardedState):
    """Hands work to the outside."""

    resource: Resource
    timeout_seconds: Template | None
    heartbeat_seconds: Template | None
    credentials: Template | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A list of states with its own variables."""

    start: str
    states: Mapping[str, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelState(GuardedState):
    """Runs branches side by side."""

    branches: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Where a distributed Map reads its items; `maximum` is MaxItems, `pointer` a JSON pointer."""

    resource: Resource
    arguments: Template | None
    input_type: str
    maximum: Template | None
    pointer: str
    header_location: str
    headers: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True, slots=True)
class ItemBatcher:
    """How many items one child gets, and what it gets beside them."""

    maximum_items: Template | None
    maximum_bytes: Template | None
    batch_input: Template | None


@dataclass(frozen=True, slots=True)
class ResultWriter:
    """Where a distributed Map writes its results; without a resource it only says in what form they are."""

    resource: Resource | None
    arguments: Template | None
    transformation: str
    output_type: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """What only a distributed Map has; `express` is the type of its children."""

    express: bool
    label: str | None
    reader: ItemReader | None
    batcher: ItemBatcher | None
    writer: ResultWriter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapState(GuardedState):
    """Runs its processor once per item, each in a child execution where there is a `distribution`."""

    processor: Scope
    distribution: Distribution | None = None
    items: Template | None
    selector: Template | None
    maximum_concurrency: Template | None
    tolerated_count: Template | None
    tolerated_percentage: Template | None
