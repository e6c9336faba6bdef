"""The shapes of the REST API's answers, which are also its OpenAPI schemas."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from layers.runtime.store.workflows import TestsPolicy, WorkflowHead


class Diagnostic(BaseModel):
    """One finding about a definition; line and column from 1, or 0 where only the pointer is known."""

    code: str
    severity: str
    message: str
    hint: str
    line: int
    column: int
    pointer: str


class ProblemBody(BaseModel):
    """A problem (RFC 9457) with a code and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    diagnostics: list[dict[str, Any]] = []
    violations: list[dict[str, Any]] = []


class Workflow(BaseModel):
    """A workflow as it is now; `revision` is its ETag."""

    id: str
    name: str
    description: str
    status: str
    revision: int
    latest_version: int
    active_version: int | None
    candidate_version: int | None = None
    """The second version of an A/B."""
    candidate_weight: int = 0
    """How many runs of a hundred it gets."""
    draft_by: str = ""
    tests: TestsPolicy = "required"
    needs_approval: bool = False
    approved_by: str | None = None
    """Who has approved the draft as it is."""
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, head: WorkflowHead) -> Workflow:
        """The answer for a workflow's head."""
        fields = {name: getattr(head, name) for name in cls.model_fields if hasattr(head, name)}
        if head.split is not None:
            fields["candidate_version"] = head.split.candidate.version
            fields["candidate_weight"] = head.split.weight
        if head.approved_revision != head.draft_revision:
            fields["approved_by"] = None
        return cls(**fields)


class WorkflowDetail(BaseModel):
    """A workflow with its definition word for word, and what the compiler says of it when it was written."""

    workflow: Workflow
    definition: str
    format: str
    diagnostics: list[Diagnostic] = []


class WorkflowList(BaseModel):
    """One page of workflows, by id."""

    items: list[Workflow]
    cursor: str | None


class Version(BaseModel):
    """An immutable version; `active` is the one that the next run is started on."""

    version: int
    created_at: str
    active: bool
    machine_version_arn: str


class VersionList(BaseModel):
    """One page of versions, newest first."""

    items: list[Version]
    cursor: str | None


class VersionDetail(Version):
    """A version with its definition, word for word."""

    definition: str
    format: str


class TriggerRecord(BaseModel):
    """What a trigger has done: fired is what was started, refused and deduplicated together."""

    fired: int
    started: int
    refused: int
    deduplicated: int
    last_fired_at: str | None
    last_run: str | None
    last_refusal: str | None
    late_by_seconds: int | None
    most_late_by_seconds: int | None
    polled: int
    last_polled_at: str | None
    poll_failures: int
    last_error: str | None
    last_error_at: str | None
    polls_again_at: str | None


class TriggerList(BaseModel):
    """The triggers of the draft; `active` says whether the active version has the very same.

    Each has its `record`; schedules of an active workflow have their `next_times`, in UTC.
    """

    items: list[dict[str, Any]]


class EventTaken(BaseModel):
    """An event that the bus has taken; what it starts is told by the triggers that listen to it."""

    event: str


class Replay(BaseModel):
    """A replay of events; runs that it starts have its name in `$trigger.replay`."""

    replay: str
    state: str
    reason: str | None
    workflows: list[str] = []


class Webhook(BaseModel):
    """One webhook of an activated workflow."""

    method: str
    url: str
    workflow: str
    trigger: str
    version: int
    status: str


class WebhookList(BaseModel):
    """One page of webhooks, by path."""

    items: list[Webhook]
    cursor: str | None


class Trial(BaseModel):
    """One of the definition's own tests: passed, failed, or skipped because it cannot be judged here."""

    name: str
    status: str
    problems: list[str]


class Activated(BaseModel):
    """What is active now; `created` is false if the definition had not changed."""

    workflow: str
    status: str
    version: int
    created: bool
    machine_version_arn: str
    webhooks: list[dict[str, str]]
    diagnostics: list[Diagnostic]
    tests: list[Trial] = []


class Started(BaseModel):
    """A run that was started."""

    run: str
    status: str
    status_url: str


class NodeTested(BaseModel):
    """How a node ended that ran by itself."""

    run: str
    status: str
    status_url: str
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    duration_seconds: float | None = None
    attempts: list[dict[str, Any]] = []


class ProjectSettings(BaseModel):
    """What holds for all workflows of the project."""

    error_workflow: str | None


class RunSummary(BaseModel):
    """A run; times are ISO 8601 in UTC, `cause` is cut after 1,000 characters."""

    id: str
    workflow: str
    version: int | None
    status: str
    trigger: dict[str, str]
    started_by: str
    started_at: str
    ended_at: str | None
    duration_seconds: float | None
    error: str | None
    cause: str | None
    arm: str | None = None
    """`active` or `candidate`, of a run that an A/B chose the version of."""
    parent: str | None = None
    """The run that it goes on from."""
    lineage: dict[str, Any] | None = None
    """Why and how it goes on, who asked, and which nodes had ended before."""
    redrives: int = 0
    variables: dict[str, Any] | None = None
    """Other values of variables, for whoever goes on from it."""
    key: str | None = None
    """Which runs it counts with, where the workflow limits how many are under way; `*` means all."""
    admitted_at: str | None = None
    """When it got its slot there."""


class RunList(BaseModel):
    """One page of runs, newest first."""

    items: list[RunSummary]
    cursor: str | None


class Waiting(BaseModel):
    """A node that does nothing now: it waits for time, a person, an event, another run or another attempt."""

    node: str
    why: str
    since: str


class RunCost(BaseModel):
    """What a run has cost by list prices, in parts; `estimated` says what of it is no bill."""

    run: str
    currency: str
    total: float | None
    parts: dict[str, float]
    figures: dict[str, Any]
    """Transitions, calls of functions, their seconds and gigabyte seconds."""
    prices_as_of: str
    estimated: list[str]


class RunTimeline(BaseModel):
    """The nodes of a run in order of start; `final` once the record is written.

    The `cursor` is another one as soon as something has changed.
    """

    run: str
    status: str
    final: bool
    timeline: list[dict[str, Any]]
    skipped: list[str]
    waiting_for: list[Waiting] = []
    cursor: str = ""


class RunDetail(RunSummary):
    """A run with its data and timeline; `left_out` names what was too large to be kept."""

    input: Any
    output: Any
    final: bool
    timeline: list[dict[str, Any]]
    skipped: list[str]
    left_out: list[str]
    waiting_for: list[Waiting] = []
    errors: dict[str, int] = {}
    """How many attempts failed, by class of failure."""
    figures: dict[str, Any] | None = None
    """What the run took so far: see GET …/cost."""
