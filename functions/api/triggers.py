"""Routes about triggers: what each has done, and when it fires next."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import TriggerList, TriggerRecord
from functions.api.firing import fired_triggers, next_times
from functions.api.parameters import WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.services import request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.problems import workflow_not_found
from layers.runtime.store import trigger_records
from layers.runtime.store.trigger_records import list_trigger_records
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import find_draft

router = route_group()


@router.get("/api/workflows/<workflow>/triggers", summary="List triggers", tags=["Triggers"])
def triggers(workflow: WorkflowId) -> Response[TriggerList]:
    """Lists the draft's triggers with their records; `active` ones fire as they stand, schedules say when."""
    services = request_of(router.context).services
    store = services.store
    head = existing_head(store, workflow)
    draft = find_draft(store, workflow)
    if draft is None:
        raise workflow_not_found(workflow)
    version = find_version(store, workflow, head.active_version) if head.active_version else None
    live = version.triggers if version and head.status == "active" else ()
    times = next_times(services, workflow, fired_triggers(store, head)) if live else {}
    records = list_trigger_records(store, workflow)
    items: list[dict[str, Any]] = []
    for trigger in draft.triggers:
        name = str(trigger["id"])
        address = {"url": f"/webhooks/{trigger['path']}"} if trigger["type"] == "webhook" else {}
        schedule = {"next_times": times.get(name, [])} if trigger["type"] == "schedule" else {}
        record = _told(records.get(name) or trigger_records.TriggerRecord(name))
        items.append({**trigger, **address, "active": trigger in live, **schedule, "record": record})
    return reply(TriggerList(items=items))


def _told(record: trigger_records.TriggerRecord) -> dict[str, Any]:
    fields = {name: getattr(record, name) for name in TriggerRecord.model_fields}
    return TriggerRecord(**fields).model_dump()
