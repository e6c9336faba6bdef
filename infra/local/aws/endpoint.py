"""The AWS endpoint as a WSGI application: to whom each request goes."""

from __future__ import annotations

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

_STATES: Final = "AWSStepFunctions."
HEALTH_PATH: Final = "/_local/health"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Step Functions and Lambda's Invoke are ours, the rest is emulated."""

    states: StatesApi
    invoke: InvokeApi
    emulation: Emulation
    put_events: Callable[[bytes, bytes], None]
    """Told the request and the answer of each PutEvents."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry point."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        target = request.headers.get("X-Amz-Target", "")
        if request.path == HEALTH_PATH:
            return Response('{"status":"ready"}', content_type="application/json")
        if target.startswith(_STATES):
            return self.states.answer(request)
        invoked = INVOKE_PATH.fullmatch(request.path)
        if invoked and request.method == "POST":
            return self.invoke.answer(request, invoked["name"])
        response = self.emulation.answer(request)
        if target == "AWSEvents.PutEvents" and response.status_code == 200:
            self.put_events(request.get_data(), response.get_data())
        return response
