"""The REST API as a WSGI application in process: the local cloud's own events, no sockets, no processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from functions.api.application import respond
from functions.api.services import Services
from infra.local.front.event import proxy_event
from infra.local.front.response import response_of
from infra.local.front.route import Router
from infra.local.functions.invocation import Outcome
from infra.topology import topology


@dataclass(frozen=True)
class Gateway:
    """Answers as API Gateway would, for a principal that the authorizer has let in."""

    services: Services
    principal: dict[str, Any]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        match = Router(topology().routes).find(request.method, request.path)
        assert match is not None, f"{request.path} is not a path of the API"
        event = proxy_event(request, match, "id", 1769851800.0, {"principal": self.principal})
        answered = respond(event, None, lambda: self.services)
        return response_of(Outcome("id", json.dumps(answered).encode()))(environ, start_response)
