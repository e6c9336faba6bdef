"""The HTTP API as a WSGI application: route, authorize, invoke, answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from werkzeug.wrappers import Request, Response

from infra.local.front.authorizer import AuthorizerFailedError, decision_of
from infra.local.front.cors import CrossOrigin
from infra.local.front.event import authorizer_event, proxy_event
from infra.local.front.index import Index
from infra.local.front.response import message, response_of
from infra.local.front.route import Match, Router
from infra.local.front.throttle import Throttles
from infra.local.functions.concurrency import ThrottledError
from infra.local.functions.invocation import MAXIMUM_PAYLOAD, Outcome
from infra.local.functions.registry import Functions
from infra.local.scheduler import Clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

_LOG: Final = logging.getLogger(__name__)
MAXIMUM_BODY: Final = 10 * 1024 * 1024
"""API Gateway quotas for HTTP APIs: payload 10 MB, integration timeout 30 seconds."""
INTEGRATION_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Front:
    """Answers the requests of the routes; `name_of` gives a topology function's deployed name."""

    router: Router
    functions: Functions
    name_of: Callable[[str], str]
    authorizer: str
    clock: Clock
    new_id: Callable[[], str]
    index: Index
    cross_origin: CrossOrigin
    throttles: Throttles

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry point."""
        request = Request(environ)
        request_id = self.new_id()
        try:
            response = self._answer(request, request_id)
        except Exception:
            _LOG.exception("%s %s failed in the HTTP API: please report this", request.method, request.path)
            response = message(500, "Internal Server Error")
        response.headers.setdefault("apigw-requestid", request_id)
        return response(environ, start_response)

    def _answer(self, request: Request, request_id: str) -> Response:
        match = self.router.find(request.method, request.path)
        # A route for OPTIONS itself takes what would be answered for it.
        if match is None or match.route.method == "ANY":
            preflight = self.cross_origin.preflight(request)
            if preflight is not None:
                return preflight
        response = self._admit(request, match, request_id)
        self.cross_origin.mark(request, response)
        return response

    def _admit(self, request: Request, match: Match | None, request_id: str) -> Response:
        if (request.content_length or 0) > MAXIMUM_BODY:
            return message(413, "Request Entity Too Large")
        if match is None:
            return self.index.answer(request) or message(404, "Not Found")
        if not self.throttles.takes(match.route):
            return message(429, "Too Many Requests")
        return self._pass(request, match, request_id)

    def _pass(self, request: Request, match: Match, request_id: str) -> Response:
        context: object = None
        if match.route.authorized:
            decided = self._authorize(request, match, request_id)
            if isinstance(decided, Response):
                return decided
            context = decided
        event = proxy_event(request, match, request_id, self.clock(), context)
        outcome = self._invoke(match.route.function, event)
        return outcome if isinstance(outcome, Response) else response_of(outcome)

    def _authorize(self, request: Request, match: Match, request_id: str) -> Response | object:
        token = request.headers.get("Authorization")
        if not token:
            return message(401, "Unauthorized")
        event = authorizer_event(request, match, request_id, self.clock(), [token])
        outcome = self._invoke(self.authorizer, event)
        if isinstance(outcome, Response):
            return outcome
        try:
            decision = decision_of(outcome, event["routeArn"])
        except (AuthorizerFailedError, ValueError):
            return message(500, "Internal Server Error")
        return decision.context if decision.allowed else message(403, "Forbidden")

    def _invoke(self, function: str, event: dict[str, Any]) -> Response | Outcome:
        payload = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        if len(payload) > MAXIMUM_PAYLOAD:
            return message(413, "Request Entity Too Large")
        try:
            future = self.functions.find(self.name_of(function)).submit(payload)
        except ThrottledError:
            return message(503, "Service Unavailable")
        try:
            return future.result(timeout=INTEGRATION_SECONDS)
        except FutureTimeoutError:
            future.cancel()
            return message(503, "Service Unavailable")
