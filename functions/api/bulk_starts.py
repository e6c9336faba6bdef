"""Routes that start many runs at once, and tell how far that has come."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from functions.api.bodies import SentModel, takes
from functions.api.parameters import IdempotencyKey, WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import Request, request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.bulk_problems import bulk_not_found, list_or_object
from layers.runtime.hand_triggers import chosen_trigger
from layers.runtime.json_value import write_json
from layers.runtime.objects import runs_prefix
from layers.runtime.problems import key_reused, workflow_not_active
from layers.runtime.store.bulks import Bulk, create_bulk, find_bulk
from layers.runtime.store.versions import find_version
from layers.runtime.timeline import iso_time

router = route_group()

FOLDER: Final = "bulk/"
"""Below the prefix of runs, where lists of payloads lie."""


class Source(SentModel):
    """An object in the deployment's bucket, below `{project}/runs/bulk/`, that holds the payloads."""

    key: str = Field(min_length=1, max_length=500, pattern=r"^[A-Za-z0-9._/-]+$")
    """What follows `{project}/runs/bulk/`."""
    format: Literal["csv", "json", "jsonl"]
    """CSV with a header row, one JSON array, or one JSON value a line."""


class Starting(SentModel):
    """Payloads, either here or in an object; one run is started for each."""

    items: list[Any] | None = Field(None, min_length=1)
    source: Source | None = None
    trigger: str | None = None
    """The trigger to fire; the manual one if none is named."""


class BulkState(BaseModel):
    """How far a bulk start has come; `started_by` of its runs is `bulk:<id>`, which lists of runs find."""

    bulk: str
    workflow: str
    status: str
    """running, ended or failed (then `error` and `cause` say why; what was started goes on)."""
    total: int
    pending: int
    running: int
    started: int
    refused: int
    error: str | None
    cause: str | None
    created_at: str
    created_by: str


class BulkStarted(BaseModel):
    """A bulk start that was taken."""

    bulk: str
    status_url: str


@router.post(
    "/api/workflows/<workflow>/bulk",
    summary="Start many runs",
    tags=["Runs"],
    status_code=202,
    openapi_extensions=takes(Starting, required=True),
)
def start_many(workflow: WorkflowId, idempotency_key: IdempotencyKey = None) -> Response[BulkStarted]:
    """Starts a run for each payload of a list or of an object, each once, and tells where to look."""
    request = request_of(router.context)
    head = existing_head(request.services.store, workflow)
    wanted = sent_model(router.current_event, Starting)
    if (wanted.items is None) == (wanted.source is None):
        raise list_or_object()
    if head.status != "active" or head.active_version is None:
        raise workflow_not_active(workflow, head.status)
    version = find_version(request.services.store, workflow, head.active_version)
    chosen_trigger(version.triggers if version else (), wanted.trigger)
    bulk = _bulk(request, workflow, wanted, idempotency_key)
    if wanted.items is not None:
        lines = "".join(f"{write_json(item)}\n" for item in wanted.items)
        request.services.starter.objects.put(bulk.key, lines)
    if not create_bulk(request.services.store, bulk):
        before = find_bulk(request.services.store, bulk.id)
        if before is not None and before.digest != bulk.digest:
            raise key_reused(str(idempotency_key))
    results = f"{_folder(request)}results/{bulk.id}"
    machine = request.services.bulk
    given = {"bulk": bulk.id, "bucket": machine.bucket, "key": bulk.key, "format": bulk.format}
    machine.start(bulk.id, {**given, "results": results})
    status_url = f"/api/bulk/{bulk.id}"
    return reply(BulkStarted(bulk=bulk.id, status_url=status_url), 202, {"location": status_url})


@router.get("/api/bulk/<bulk>", summary="Read how far a bulk start has come", tags=["Runs"])
def read_bulk(bulk: Annotated[str, Path(description="The bulk start's id.")]) -> Response[BulkState]:
    """Counts the payloads that have started a run, that were refused, and that are still to come."""
    services = request_of(router.context).services
    known = find_bulk(services.store, bulk)
    if known is None:
        raise bulk_not_found(bulk)
    seen = asdict(services.bulk.progress(known.id))
    seen["total"] = seen["total"] or known.total or 0
    about = {name: getattr(known, name) for name in ("workflow", "created_at", "created_by")}
    return reply(BulkState(bulk=known.id, **seen, **about))


def _bulk(request: Request, workflow: str, wanted: Starting, key: str | None) -> Bulk:
    """The same key gives the same bulk start, whose execution Step Functions starts once by its name."""
    starter = request.services.starter
    project = starter.store.project
    sent = wanted.model_dump()
    digest = hashlib.sha256(write_json(sent).encode()).hexdigest()
    name = starter.randomness(12).hex() if key is None else _hashed(workflow, key)
    source = wanted.source
    # With the digest in it, another list under a used key does not replace the one that is being started.
    at = f"lists/{name}-{digest[:12]}.jsonl" if source is None else source.key
    return Bulk(
        id=f"{project}-bulk-{name}",
        workflow=workflow,
        trigger=wanted.trigger,
        format="jsonl" if source is None else source.format,
        key=f"{_folder(request)}{at}",
        digest=digest,
        created_at=iso_time(starter.clock()),
        created_by=request.principal.id,
        total=None if wanted.items is None else len(wanted.items),
    )


def _folder(request: Request) -> str:
    return f"{runs_prefix(request.services.store.project)}{FOLDER}"


def _hashed(workflow: str, key: str) -> str:
    return hashlib.sha256(f"{workflow}\0{key}".encode()).hexdigest()[:24]
