"""The route that runs one node of a workflow by itself, with what the others are taken to have given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from functions.api.answers import NodeTested
from functions.api.bodies import takes
from functions.api.control_bodies import NodeTest
from functions.api.parameters import NodeId, WorkflowId
from functions.api.pin_values import Giver, pin_values
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.run_views import detail, existing_run
from functions.api.sent import sent_model
from functions.api.services import Request, request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.executions import Derivation, StartRequest, start_run
from layers.runtime.hand_triggers import trigger_value
from layers.runtime.json_value import JsonObject
from layers.runtime.problems import workflow_not_found
from layers.runtime.store.runs import OPEN
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import find_draft
from layers.runtime.timeline import iso_time
from layers.runtime.version_problems import version_not_found

router = route_group()

WAIT: Final = timedelta(seconds=20)
"""For the node's end; an answer may take 29 seconds (AWS: HTTP APIs)."""
_LOOK_SECONDS: Final = 0.25


def _answered(description: str) -> OpenAPIResponse:
    return {"description": description, "content": {"application/json": {"model": NodeTested}}}


@router.post(
    "/api/workflows/<workflow>/nodes/<node>/test",
    summary="Test a node",
    tags=["Run control"],
    openapi_extensions=takes(NodeTest),
    responses={200: _answered("How the node ended"), 202: _answered("It takes longer: see the run")},
)
def test(workflow: WorkflowId, node: NodeId) -> Response[NodeTested]:
    """Runs one node of the draft, or of a version, for real: what it does outside is done.

    Answers how it ended; 202 with the run's address if that takes longer than 20 seconds.
    """
    request = request_of(router.context)
    wanted = sent_model(router.current_event, NodeTest)
    existing_head(request.services.store, workflow)
    run = _started(request, workflow, node, wanted)
    return _answer(request, run, node)


def _started(request: Request, workflow: str, node: str, wanted: NodeTest) -> str:
    services = request.services
    now = iso_time(services.starter.clock())
    trigger = trigger_value(_triggers(request, workflow, wanted.version), wanted.trigger, wanted.body, now)
    given: dict[str, JsonObject] = {
        name: {"status": "succeeded", "output": output} for name, output in wanted.pins.items()
    }
    made = services.activation.ask(
        {
            "action": "pin",
            "workflow": workflow,
            "version": wanted.version,
            "trigger": trigger["id"],
            "given": given,
            "variables": wanted.variables,
            "only": node,
        }
    )
    values = pin_values(services, Giver("tests", f"tests/{workflow}", lambda _: None), made, given)
    derived = Derivation(
        parent=None,
        root=None,
        pinned=made["pinned"],
        pins=values,
        trigger_keep=made["trigger_keep"],
        lineage={"reason": "test", "by": request.principal.id, "at": now, "node": node},
    )
    start = StartRequest(
        workflow=workflow,
        version=wanted.version or 0,
        alias_arn=made["machine_version_arn"],
        trigger=trigger,
        started_by=request.principal.id,
        derived=derived,
    )
    return start_run(services.starter, start).id


def _triggers(request: Request, workflow: str, version: int | None) -> Any:
    store = request.services.store
    if version is None:
        draft = find_draft(store, workflow)
        if draft is None:
            raise workflow_not_found(workflow)
        return draft.triggers
    known = find_version(store, workflow, version)
    if known is None:
        raise version_not_found(workflow, version)
    return known.triggers


def _answer(request: Request, run: str, node: str) -> Response[NodeTested]:
    services = request.services
    until = services.starter.clock() + WAIT
    while True:
        seen = detail(services, existing_run(services, run))
        if seen.status not in OPEN or services.starter.clock() >= until:
            break
        services.sleep(_LOOK_SECONDS)
    found: Mapping[str, Any] = next((one for one in seen.timeline if one["node"] == node), {})
    told = {name: found.get(name) for name in ("input", "output", "error", "cause", "duration_seconds")}
    answer = NodeTested(
        run=run,
        status=seen.status,
        status_url=f"/api/executions/{run}",
        attempts=list(found.get("attempts", ())),
        **told,
    )
    return reply(answer, 202 if seen.status in OPEN else 200)
