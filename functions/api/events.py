"""Routes that put events on the project's bus, and that replay a time window to chosen workflows."""

from __future__ import annotations

from collections.abc import Sequence

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import EventTaken, Replay
from functions.api.bodies import takes
from functions.api.event_bodies import SentEvent, SentReplay
from functions.api.firing import fired_triggers
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.sent import sent_model
from functions.api.services import Services, request_of
from functions.api.workflow_heads import existing_head
from layers.runtime.errors import Problem, RequestError
from layers.runtime.firing.names import PLATFORM, rule_name
from layers.runtime.problems import bad_request, workflow_not_active

router = route_group()


@router.post(
    "/api/events",
    summary="Put an event",
    tags=["Events"],
    status_code=202,
    openapi_extensions=takes(SentEvent, required=True),
)
def put_event() -> Response[EventTaken]:
    """Puts an event on the project's bus: `{"source", "type", "detail"}`, and `time` if it is not now."""
    services = request_of(router.context).services
    event = sent_model(router.current_event, SentEvent)
    identity = services.bus.put(event.source, event.type, event.detail, event.time)
    return reply(EventTaken(event=identity), 202)


@router.post(
    "/api/events/replay",
    summary="Replay events",
    tags=["Events"],
    status_code=202,
    openapi_extensions=takes(SentReplay, required=True),
)
def replay() -> Response[Replay]:
    """Delivers the events of a time window to the event triggers of chosen workflows again.

    The body is `{"workflows": […], "from": …, "to": …}`, with a `name` if you like. Runs that it starts are
    marked by the replay's name, and start even if the event had started one before.
    """
    services = request_of(router.context).services
    wanted = sent_model(router.current_event, SentReplay)
    if wanted.end <= wanted.start:
        raise bad_request("The window ends before it begins.", "Send a 'to' that is later than 'from'.")
    rules = [rule for workflow in wanted.workflows for rule in _rules(services, workflow)]
    name = _full_name(services, wanted.name)
    services.bus.replay(name, wanted.start, wanted.end, rules)
    answer = Replay(replay=name, state="STARTING", reason=None, workflows=wanted.workflows)
    return reply(answer, 202, {"location": f"/api/events/replay/{name}"})


@router.get("/api/events/replay/<name>", summary="Read a replay", tags=["Events"])
def read_replay(name: str) -> Response[Replay]:
    """Tells how a replay goes on."""
    found = request_of(router.context).services.bus.find_replay(name)
    if found is None:
        raise _no_replay(name)
    return reply(Replay(replay=name, state=found["State"], reason=found.get("StateReason")))


def _rules(services: Services, workflow: str) -> Sequence[str]:
    """The rules on the project's bus of an active workflow; raises RequestError 404, 409 or 400."""
    head = existing_head(services.store, workflow)
    if head.status != "active":
        raise workflow_not_active(workflow, head.status)
    listening = [
        rule_name(services.store.project, workflow, str(trigger["id"]))
        for trigger in fired_triggers(services.store, head)
        if trigger["type"] == "event" and (trigger.get("bus") or PLATFORM) == PLATFORM
    ]
    if not listening:
        detail = f"Workflow '{workflow}' has no active event trigger on the project's bus."
        raise bad_request(detail, "Leave it out: only events of that bus are archived.")
    return listening


def _full_name(services: Services, given: str | None) -> str:
    """Begins with the project, as the rights of this function do."""
    made = f"{services.starter.clock():%Y%m%dT%H%M%S}-{services.starter.randomness(4).hex()}"
    return f"{services.store.project}-{given or made}"[:64]


def _no_replay(name: str) -> RequestError:
    return RequestError(
        Problem(
            404,
            "replay_not_found",
            "Replay not found",
            f"There is no replay '{name}'.",
            "Start one with POST /api/events/replay; its answer has the whole name.",
        )
    )
