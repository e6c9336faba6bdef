"""The route that tells what a payload would start, without starting it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from functions.api.bodies import SentModel, takes
from functions.api.parameters import WorkflowId
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import Services, request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.errors import Problem, RequestError
from layers.runtime.firing.message import Firing, MalformedFiringError
from layers.runtime.firing.outcome import Postponed, Refused
from layers.runtime.firing.preview import preview
from layers.runtime.firing.target import trigger_of
from layers.runtime.firing.trigger_value import trigger_value
from layers.runtime.hand_triggers import trigger_value as value_by_hand
from layers.runtime.json_value import JsonObject
from layers.runtime.node_run import iso_time
from layers.runtime.problems import bad_request
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import WorkflowHead

router = route_group()
_BY_MESSAGE = frozenset({"schedule", "event"})


class SentTest(SentModel):
    """What a trigger is to be tried with: an `event`, a `scheduled_at`, or the `body` of any other."""

    body: Any = None
    event: dict[str, Any] | None = None
    scheduled_at: str | None = None


class TriggerTest(BaseModel):
    """What would happen; `entry` null stands for all first nodes."""

    starts: bool
    workflow: str
    version: int | None
    entry: str | None
    trigger: dict[str, Any]
    """What the run would find in `$trigger`."""
    refused: dict[str, str] | None = None
    waits_until: str | None = None


@router.post(
    "/api/workflows/<workflow>/triggers/<trigger>/test",
    summary="Test a trigger",
    tags=["Triggers"],
    openapi_extensions=takes(SentTest),
)
def test_trigger(workflow: WorkflowId, trigger: str) -> Response[TriggerTest]:
    """Says what a payload would start now, or why nothing; nothing is started, counted or kept."""
    services = request_of(router.context).services
    head = existing_head(services.store, workflow)
    fired = _active_trigger(services, head, trigger)
    firing, value = _firing(services, head, fired, sent_model(router.current_event, SentTest))
    against: Refused | Postponed | None = _unmatched(services, fired, firing)
    target = None
    if against is None:
        seen = preview(services.starter, firing, value)
        target, against = seen.target, seen.against
    refusal = {"code": against.code, "detail": against.detail} if isinstance(against, Refused) else None
    return reply(
        TriggerTest(
            starts=not isinstance(against, Refused),
            workflow=workflow,
            version=target.version if target is not None else head.active_version,
            entry=str(fired["entry"]) if fired.get("entry") else None,
            trigger=dict(value),
            refused=refusal,
            waits_until=iso_time(against.until) if isinstance(against, Postponed) else None,
        )
    )


def _active_trigger(services: Services, head: WorkflowHead, trigger: str) -> JsonObject:
    version = find_version(services.store, head.id, head.active_version) if head.active_version else None
    found = trigger_of(version.triggers if version else (), trigger)
    if found is None:
        raise _no_trigger(head, trigger)
    return found


def _firing(
    services: Services, head: WorkflowHead, trigger: JsonObject, tried: SentTest
) -> tuple[Firing, JsonObject]:
    """The firing that the payload would make, and the `$trigger` of its run."""
    now = services.starter.clock().astimezone(UTC)
    kind, name = str(trigger["type"]), str(trigger["id"])
    fields: dict[str, Any] = {"body": tried.body}
    if kind == "schedule":
        fields = {"scheduled_at": tried.scheduled_at or f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    elif kind == "event":
        fields = {"event": tried.event}
    firing = Firing(head.id, name, kind, "test", now, fields)
    if kind not in _BY_MESSAGE:
        return firing, value_by_hand([trigger], name, tried.body, iso_time(now))
    try:
        return firing, trigger_value(firing)
    except MalformedFiringError as error:
        raise bad_request(
            f"The payload is incomplete: {error}.", 'Send {"event": {…the whole event}}.'
        ) from error


def _unmatched(services: Services, trigger: JsonObject, firing: Firing) -> Refused | None:
    if trigger["type"] != "event":
        return None
    asked: Mapping[str, Any] = {"pattern": trigger["pattern"], "event": firing.fields["event"]}
    if services.activation.ask({"action": "matches", **asked})["matches"]:
        return None
    return Refused(
        "pattern_unmatched", f"The pattern of trigger '{firing.trigger}' does not match the event."
    )


def _no_trigger(head: WorkflowHead, trigger: str) -> RequestError:
    return RequestError(
        Problem(
            404,
            "trigger_not_found",
            "Trigger not found",
            f"The active version of workflow '{head.id}' has no trigger '{trigger}'.",
            f"See GET /api/workflows/{head.id}/triggers; a draft's triggers are there once it is activated.",
        )
    )
