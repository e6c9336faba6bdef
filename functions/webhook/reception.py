"""Takes one webhook: finds its route, checks and reads the request, and starts the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.webhook.answering import Answering, start_and_answer
from functions.webhook.body import read_body
from functions.webhook.delivery import delivery_of
from functions.webhook.handshakes import answer_handshake, handshake_of, slack_challenge
from functions.webhook.refusals import not_found, paused, wrong_method
from functions.webhook.request import WebhookRequest, read_request
from functions.webhook.senders import refuse_hurry, refuse_stranger
from functions.webhook.tally import Tally
from functions.webhook.verification import proof_headers, proof_parameter, verify
from layers.runtime.admission.limit import read_limit
from layers.runtime.answers import Answer
from layers.runtime.errors import RequestError
from layers.runtime.executions import Starter, StartRequest
from layers.runtime.json_value import JsonValue
from layers.runtime.problems import too_large
from layers.runtime.store.routes import Route, routes_of_path
from layers.runtime.timeline import iso_time

CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Headers that no run's history may show."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Everything that taking a webhook needs; `secret` gives a secret's text by its name."""

    answering: Answering
    secret: Callable[[str], str]

    @property
    def starter(self) -> Starter:
        """What starts runs."""
        return self.answering.starter

    @property
    def tally(self) -> Tally:
        """Where what happens is counted."""
        return self.answering.tally


def receive(event: Mapping[str, Any], reception: Reception) -> Answer:
    """Answers 202 with the run's id once Step Functions has taken it, or 200 with its output.

    A delivery that came before is answered 200 with its run. Raises RuntimeProblemError: 400, 401, 403, 404,
    405, 413, 415, 422, 429, 502, 503.
    """
    request = read_request(event)
    routes = routes_of_path(reception.starter.store, request.path)
    for route in routes:
        if (handshake := handshake_of(request, route)) is not None:
            refuse_stranger(request, route)
            return answer_handshake(request, handshake, reception.secret)
    route = _route(request, routes)
    try:
        return _take(request, route, reception)
    except RequestError as error:
        reception.tally.note(route, "refused", last_refusal=error.problem.code)
        raise


def _take(request: WebhookRequest, route: Route, reception: Reception) -> Answer:
    if route.status == "paused":
        raise paused(route.workflow)
    refuse_stranger(request, route)
    if len(request.body) > route.max_body_bytes:
        raise too_large(
            "The body",
            len(request.body),
            route.max_body_bytes,
            "Send less, or raise the trigger's `max_body_bytes`.",
        )
    now = reception.starter.clock().timestamp()
    verify(request, route.verify, reception.secret, now)
    refuse_hurry(request, route, reception.starter.store, now)
    if route.verify.get("preset") == "slack" and (challenge := slack_challenge(request)) is not None:
        return challenge
    trigger = _trigger(request, route, reception.starter)
    delivery = delivery_of(request, route, trigger["body"])
    start = StartRequest(
        workflow=route.workflow,
        version=route.version,
        alias_arn=route.alias_arn,
        trigger=trigger,
        started_by="webhook",
        idempotency_key=delivery.key if delivery else None,
        idempotency_digest=delivery.digest if delivery else None,
        has_input=route.has_input,
        limit=read_limit(route.concurrency),
        split=route.split,
    )
    return start_and_answer(start, route, reception.answering)


def _route(request: WebhookRequest, routes: Sequence[Route]) -> Route:
    if not routes:
        raise not_found(request.path)
    for route in routes:
        if route.method == request.method:
            return route
    raise wrong_method(request, routes)


def _trigger(request: WebhookRequest, route: Route, starter: Starter) -> dict[str, JsonValue]:
    body, is_base64 = read_body(request, route.content_type)
    hidden = CREDENTIALS | proof_headers(route.verify)
    hidden_parameter = proof_parameter(route.verify)
    trigger: dict[str, JsonValue] = {
        "id": route.trigger,
        "type": "webhook",
        "method": request.method,
        "path": request.path,
        "headers": {name: value for name, value in request.headers.items() if name not in hidden},
        "query": {name: value for name, value in request.query.items() if name != hidden_parameter},
        "body": body,
        "received_at": iso_time(starter.clock()),
    }
    return {**trigger, "body_is_base64": True} if is_base64 else trigger
