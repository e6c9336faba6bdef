"""Takes one webhook: finds its route, checks and reads the request, and starts the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.webhook.body import read_body
from functions.webhook.request import WebhookRequest, read_request
from functions.webhook.run_answers import accepted, result
from functions.webhook.verification import proof_header, verify
from layers.runtime.admission.limit import read_limit
from layers.runtime.answers import Answer
from layers.runtime.errors import Problem, RequestError
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.json_value import JsonValue
from layers.runtime.problems import too_large
from layers.runtime.step_functions import SynchronousStepFunctions
from layers.runtime.store.routes import Route, routes_of_path
from layers.runtime.store.runs import OPEN
from layers.runtime.timeline import iso_time
from layers.runtime.waiting import start_and_wait

CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Headers that no run's history may show."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Everything that taking a webhook needs; `secret` gives a secret's text by its name."""

    starter: Starter
    secret: Callable[[str], str]
    synchronous: Callable[[], SynchronousStepFunctions]
    """Opens the client that waits for the end of runs."""


def receive(event: Mapping[str, Any], reception: Reception) -> Answer:
    """Answers 202 with the run's id once Step Functions has taken it, or 200 with its output.

    Raises RuntimeProblemError: 400, 401, 404, 405, 413, 415, 422, 502, 503.
    """
    request = read_request(event)
    route = _route(request, routes_of_path(reception.starter.store, request.path))
    if len(request.body) > route.max_body_bytes:
        raise too_large(
            "The body",
            len(request.body),
            route.max_body_bytes,
            "Send less, or raise the trigger's `max_body_bytes`.",
        )
    verify(request, route.verify, reception.secret, reception.starter.clock().timestamp())
    start = StartRequest(
        workflow=route.workflow,
        version=route.version,
        alias_arn=route.alias_arn,
        trigger=_trigger(request, route, reception.starter),
        started_by="webhook",
        has_input=route.has_input,
        limit=read_limit(route.concurrency),
    )
    if route.answers_result:
        awaited = start_and_wait(reception.starter, start, reception.synchronous())
        return accepted(awaited.run) if awaited.run.status in OPEN else result(reception.starter, awaited)
    return accepted(start_run(reception.starter, start))


def _route(request: WebhookRequest, routes: Sequence[Route]) -> Route:
    if not routes:
        raise _not_found(request.path)
    for route in routes:
        if route.method != request.method:
            continue
        if route.status == "paused":
            raise _paused(route.workflow)
        return route
    raise _wrong_method(request, routes)


def _trigger(request: WebhookRequest, route: Route, starter: Starter) -> dict[str, JsonValue]:
    body, is_base64 = read_body(request, route.content_type)
    hidden = CREDENTIALS | {proof_header(route.verify)}
    trigger: dict[str, JsonValue] = {
        "id": route.trigger,
        "type": "webhook",
        "method": request.method,
        "path": request.path,
        "headers": {name: value for name, value in request.headers.items() if name not in hidden},
        "query": dict(request.query),
        "body": body,
        "received_at": iso_time(starter.clock()),
    }
    return {**trigger, "body_is_base64": True} if is_base64 else trigger


def _not_found(path: str) -> RequestError:
    return RequestError(
        Problem(
            404,
            "webhook_not_found",
            "Webhook not found",
            f"No active workflow has a webhook at '/webhooks/{path}'.",
            "Activate the workflow, and see GET /api/webhooks for all paths.",
        )
    )


def _wrong_method(request: WebhookRequest, routes: Sequence[Route]) -> RequestError:
    allowed = ", ".join(sorted(route.method for route in routes))
    return RequestError(
        Problem(
            405,
            "method_not_allowed",
            "Method not allowed",
            f"'/webhooks/{request.path}' does not take {request.method}.",
            f"It takes {allowed}.",
            headers={"allow": allowed},
        )
    )


def _paused(workflow: str) -> RequestError:
    return RequestError(
        Problem(
            503,
            "workflow_paused",
            "Workflow is paused",
            f"Workflow '{workflow}' is paused; nothing was started.",
            "Send it again later.",
            headers={"retry-after": "60"},
        )
    )
