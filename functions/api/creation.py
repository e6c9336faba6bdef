"""Creates workflows: checked by the compiler, stored as drafts, once per idempotency key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from functions.api.answers import Workflow, WorkflowDetail
from functions.api.services import Request
from functions.api.workflow_heads import existing_head, new_head
from layers.runtime.errors import RequestError
from layers.runtime.problems import workflow_exists, workflow_not_found
from layers.runtime.store import Store
from layers.runtime.store.changes import Change, put_change
from layers.runtime.store.creations import Creation, find_created, put_creation
from layers.runtime.store.workflows import Draft, Format, WorkflowHead, create_workflow, find_draft, find_head
from layers.runtime.timeline import iso_time


def created_workflow(request: Request, text: str, form: Format, key: str | None) -> WorkflowDetail:
    """The new workflow, or as it is now the one that the key created before.

    Raises RequestError 409, 413, 422 and PlatformError 502.
    """
    store = request.services.store
    sent = None if key is None else Creation("workflow", key, _digest(text, form))
    before = find_created(store, sent)
    if before is not None:
        return detail_of(store, existing_head(store, before))
    checked = request.services.activation.ask({"action": "check", "text": text, "format": form})
    described = checked["workflow"]
    try:
        head = _store(request, described, Draft(text, form, described["triggers"]), sent)
    except RequestError:
        if find_created(store, sent) is None:  # else the same request came twice at once
            raise
        head = existing_head(store, described["id"])
    return detail(head, text, form, checked["diagnostics"])


def _store(
    request: Request, described: Mapping[str, str], draft: Draft, sent: Creation | None
) -> WorkflowHead:
    store = request.services.store
    known = find_head(store, described["id"])
    if known is not None and known.status != "deleted":
        raise workflow_exists(described["id"])
    moment = request.services.starter.clock()
    head = new_head(described, known, iso_time(moment), request.principal.id)
    change = Change(head.revision, head.created_at, request.principal.id, "created")
    remembered = [] if sent is None else [put_creation(store, sent, head.id, moment.timestamp())]
    create_workflow(store, head, draft, [put_change(store, head.id, change), *remembered])
    return head


def detail_of(store: Store, head: WorkflowHead) -> WorkflowDetail:
    """A workflow with its draft; raises RequestError (404) if it was deleted just now."""
    draft = find_draft(store, head.id)
    if draft is None:
        raise workflow_not_found(head.id)
    return detail(head, draft.text, draft.format, ())


def detail(
    head: WorkflowHead, text: str, form: Format, diagnostics: Sequence[dict[str, Any]]
) -> WorkflowDetail:
    """The answer for a workflow with its definition."""
    return WorkflowDetail.model_validate(
        {"workflow": Workflow.of(head), "definition": text, "format": form, "diagnostics": diagnostics}
    )


def _digest(text: str, form: Format) -> str:
    return hashlib.sha256(f"{form}\0{text}".encode()).hexdigest()
