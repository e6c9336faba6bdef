"""The definition language, version 1, as frozen models (docs/semantics.md tells what each part means)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, StringConstraints, Tag

from translator.definition.asking import PollTrigger, WorkflowTrigger
from translator.definition.base import DefinitionModel, Identifier, Slug, form_of
from translator.definition.firing import EventTrigger, ScheduleTrigger
from translator.definition.webhook import WebhookTrigger

ErrorName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=256)]
PortName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Expression: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
"""Text that holds `{% … %}`; its own reader is translator.expressions."""


class Variable(DefinitionModel):
    """A named value that `set_variable` may change during a run."""

    name: Identifier
    type: Literal["string", "number", "integer", "boolean", "object", "array", "any"] = "any"
    value: Any = None
    merge: Literal["sum", "append", "max", "min", "last"] | None = None
    """How values meet that branches or iterations set beside one another; None: they may not."""
    description: str = ""


class ManualTrigger(DefinitionModel):
    """Fires when somebody asks, through the API or the command line."""

    id: Identifier
    type: Literal["manual"]
    entry: Identifier | None = None


Trigger: TypeAlias = Annotated[
    WebhookTrigger | ManualTrigger | ScheduleTrigger | EventTrigger | PollTrigger | WorkflowTrigger,
    Field(discriminator="type"),
]


class RetryEntry(DefinitionModel):
    """One entry of a retry policy: which errors, how often, how spaced (seconds)."""

    errors: Annotated[tuple[ErrorName, ...], Field(min_length=1)]
    max_attempts: Annotated[int, Field(ge=0, le=100)] = 3
    interval_seconds: Annotated[int, Field(ge=1, le=99_999_999)] = 1
    backoff_rate: Annotated[float, Field(ge=1.0, le=100.0)] = 2.0
    max_delay_seconds: Annotated[int, Field(ge=1, le=31_622_400)] | None = None
    jitter: Literal["full", "none"] = "none"


class RetryPreset(DefinitionModel):
    """A named retry policy."""

    preset: Literal["none", "network", "timeout", "system", "careful", "default"]


RetryPolicy: TypeAlias = Annotated[
    Annotated[RetryPreset, Tag("<object>")] | Annotated[tuple[RetryEntry, ...], Tag("<list>")],
    Discriminator(form_of),
]


class Node(DefinitionModel):
    """One unit of work; `type` names a file of translator/nodes."""

    id: Identifier
    type: Identifier
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    description: str = ""
    parent: Identifier | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    timeout_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = None
    retry_policy: RetryPolicy | None = None
    effect: Literal["read", "idempotent", "once"] | None = None
    compensate_with: Identifier | None = None
    join: Literal["any", "all", "first"] = "any"
    resources: Literal["small", "medium", "large"] | None = None


class Edge(DefinitionModel):
    """What follows what: from a node's port to a node, under a condition if `when` is given."""

    from_: Annotated[Identifier, Field(alias="from")]
    to: Identifier
    port: PortName = "out"
    when: Expression | None = None
    errors: Annotated[tuple[ErrorName, ...], Field(min_length=1)] | None = None


class ErrorHandler(DefinitionModel):
    """What runs after a failure that no error edge took; `of` names the body it guards, else the workflow."""

    errors: Annotated[tuple[ErrorName, ...], Field(min_length=1)] = ("*",)
    node: Identifier
    of: Identifier | None = None
    resolve: bool = False


class EndAction(DefinitionModel):
    """What happens once when a run ends; exactly one of `emit`, `start`, `notify`."""

    on: Literal["succeeded", "failed", "timed_out", "cancelled", "ended"]
    emit: str | None = None
    start: Slug | None = None
    notify: str | None = None


class Metric(DefinitionModel):
    """A figure that the run reports."""

    name: str
    value: Annotated[
        Annotated[Expression, Tag("<text>")] | Annotated[float, Tag("<number>")], Discriminator(form_of)
    ]
    unit: str = "None"


class Concurrency(DefinitionModel):
    """How many runs may be under way at once, in all or per key."""

    limit: Annotated[int, Field(ge=1, le=1_000)]
    key: Expression | None = None
    on_limit: Literal["queue", "skip", "cancel_oldest"] = "queue"
    priority: Annotated[int, Field(ge=0, le=9)] = 5


class Settings(DefinitionModel):
    """Choices about the run as a whole."""

    type: Literal["standard", "express", "auto"] = "standard"
    timeout_seconds: Annotated[int, Field(ge=1, le=31_536_000)] | None = None
    concurrency: Concurrency | None = None
    optimize: Literal[0, 1, 2] = 1


class MockAnswer(DefinitionModel):
    """What a mocked node gives on one attempt: an output after `seconds`, or an error."""

    output: Any = None
    error: ErrorName | None = None
    cause: str = ""
    seconds: Annotated[float, Field(ge=0)] = 0
    iteration: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """Of a node in loops or bodies: the iteration of each that it answers, from 0, outermost first."""


Mock: TypeAlias = Annotated[
    Annotated[MockAnswer, Tag("<object>")] | Annotated[tuple[MockAnswer, ...], Tag("<list>")],
    Discriminator(form_of),
]
"""One answer for every attempt, or one per attempt; those with an `iteration` are a list of its own."""


class Pin(DefinitionModel):
    """How a node has already ended, so that it does not run: by default it succeeded with `output`."""

    status: Literal["succeeded", "skipped", "failed"] = "succeeded"
    output: Any = None
    """Of a condition `{"port": …}`, the port that it took."""
    error: ErrorName | None = None
    """Of a node that failed: an error that one of its error edges takes."""
    cause: str = ""
    iteration: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """Of a node in loops: the iteration of each in which it ended, from 0, outermost loop first."""


class Expectation(DefinitionModel):
    """What a test case checks; whatever is not given is not checked."""

    status: Literal["succeeded", "failed", "timed_out"] | None = None
    output: Any = None
    error: str | None = None
    ran: tuple[Identifier, ...] | None = None
    skipped: tuple[Identifier, ...] | None = None
    failed: tuple[Identifier, ...] | None = None
    elapsed_seconds: Annotated[float, Field(ge=0)] | None = None


class TestCase(DefinitionModel):
    """One case of a workflow's own tests, run on virtual time."""

    __test__ = False  # not a pytest class

    name: Annotated[str, StringConstraints(min_length=1)]
    trigger: dict[str, Any] = Field(default_factory=dict)
    """The `$trigger` value; its `id` chooses the trigger, the first one if absent."""
    mocks: dict[Identifier, Mock] = Field(default_factory=dict)
    pins: dict[Identifier, Pin] = Field(default_factory=dict)
    """Nodes that have already ended when the run starts."""
    variables: dict[Identifier, Any] = Field(default_factory=dict)
    """Other first values of variables."""
    start: str = "2026-01-01T00:00:00Z"
    expect: Expectation


class WorkflowDefinition(DefinitionModel):
    """One workflow as its author wrote it."""

    id: Slug
    name: str = ""
    description: str = ""
    input: dict[str, Any] | None = None
    variables: tuple[Variable, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    nodes: Annotated[tuple[Node, ...], Field(min_length=1)]
    edges: tuple[Edge, ...] = ()
    error_handlers: tuple[ErrorHandler, ...] = ()
    on_end: tuple[EndAction, ...] = ()
    metrics: tuple[Metric, ...] = ()
    output: Any = None
    settings: Settings = Settings()
    tests: tuple[TestCase, ...] = ()
