"""The AWS endpoint as a WSGI application: to whom each request goes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from werkzeug.wrappers import Request, Response

from infra.local.aws.emulation import Emulation
from infra.local.functions.api import INVOKE_PATH, InvokeApi
from infra.local.states.api import StatesApi

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

_LOG: Final = logging.getLogger(__name__)
_STATES: Final = "AWSStepFunctions."
HEALTH_PATH: Final = "/_local/health"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Step Functions and Lambda's Invoke are ours, the rest is emulated."""

    states: StatesApi
    invoke: InvokeApi
    emulation: Emulation
    before: tuple[Callable[[Request], Response | None], ...] = ()
    """Asked in turn before the emulation: the first that answers keeps the request from it."""
    after: Callable[[Request], None] = lambda _request: None
    """Told each request that the emulation has done."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry point."""
        request = Request(environ)
        try:
            response = self._answer(request)
        except Exception:
            _LOG.exception(
                "%s %s failed in the AWS endpoint: please report this", request.method, request.path
            )
            response = _json(500, {"__type": "InternalFailure", "message": "The local cloud met a defect."})
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        target = request.headers.get("X-Amz-Target", "")
        if request.path == HEALTH_PATH:
            return _json(200, {"status": "ready"})
        if "Origin" in request.headers:
            # The endpoint checks no signature, so a page in a browser must not reach it.
            return _json(403, {"__type": "AccessDeniedException", "message": "Not for browsers."})
        if target.startswith(_STATES):
            return self.states.answer(request)
        invoked = INVOKE_PATH.fullmatch(request.path)
        if invoked and request.method == "POST":
            return self.invoke.answer(request, invoked["name"])
        for ask in self.before:
            if (answered := ask(request)) is not None:
                return answered
        response = self.emulation.answer(request)
        if response.status_code < 300:
            self.after(request)
        return response


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
