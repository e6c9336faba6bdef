"""The shapes of the REST API's answers, which are also its OpenAPI schemas."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from layers.runtime.store.workflows import WorkflowHead


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
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, head: WorkflowHead) -> Workflow:
        """The answer for a workflow's head."""
        return cls(**{name: getattr(head, name) for name in cls.model_fields})


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
    """An immutable version."""

    version: int
    created_at: str
    active: bool
    machine_version_arn: str


class VersionList(BaseModel):
    """One page of versions, newest first."""

    items: list[Version]
    cursor: str | None


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


class TriggerList(BaseModel):
    """The triggers of the draft; `active` says whether the active version has the very same.

    Each has its `record`; schedules of an active workflow have their `next_times`, in UTC.
    """

    items: list[dict[str, Any]]


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


class Activated(BaseModel):
    """What is active now; `created` is false if the definition had not changed."""

    workflow: str
    status: str
    version: int
    created: bool
    machine_version_arn: str
    webhooks: list[dict[str, str]]
    diagnostics: list[Diagnostic]


class Started(BaseModel):
    """A run that was started."""

    run: str
    status: str
    status_url: str


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


class RunTimeline(BaseModel):
    """The nodes of a run in order of start; `final` once the record is written."""

    run: str
    status: str
    final: bool
    timeline: list[dict[str, Any]]
    skipped: list[str]


class RunDetail(RunSummary):
    """A run with its data and timeline; `left_out` names what was too large to be kept."""

    input: Any
    output: Any
    final: bool
    timeline: list[dict[str, Any]]
    skipped: list[str]
    left_out: list[str]
