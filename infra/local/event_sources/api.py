"""The operations of Lambda's API that concern event source mappings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from infra.local.event_sources.mapping import INVALID, MappingError
from infra.local.event_sources.mappings import Mappings

_PATH: Final = re.compile(r"/2015-03-31/event-source-mappings(?:/(?P<identity>[^/]+))?/?")


@dataclass(frozen=True, slots=True)
class EventSourcesApi:
    """Answers over REST, as the service."""

    mappings: Mappings

    def answer(self, request: Request) -> Response | None:
        """The response; None to a request about something else."""
        matched = _PATH.fullmatch(request.path)
        if matched is None:
            return None
        try:
            return self._answer(request, unquote(matched["identity"] or ""))
        except MappingError as error:
            return _refused(error)

    def _answer(self, request: Request, identity: str) -> Response:
        method = request.method
        if identity and method == "GET":
            return _json(200, self.mappings.get(identity))
        if identity and method == "DELETE":
            return _json(202, self.mappings.delete(identity))
        if identity and method == "PUT":
            return _json(202, self.mappings.update(identity, _body(request)))
        if not identity and method == "POST":
            return _json(202, self.mappings.create(_body(request)))
        if not identity and method == "GET":
            found = self.mappings.list(request.args.get("EventSourceArn"), request.args.get("FunctionName"))
            return _json(200, {"EventSourceMappings": found})
        raise MappingError(405, "MethodNotAllowedException", "The method is not allowed.")


def _body(request: Request) -> Mapping[str, Any]:
    try:
        given = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise MappingError(400, INVALID, f"Could not parse request body into json: {error}") from error
    if not isinstance(given, dict):
        raise MappingError(400, INVALID, "The request's body is no object.")
    return given


def _refused(error: MappingError) -> Response:
    response = _json(error.status, {"Type": "User", "Message": str(error), "message": str(error)})
    response.headers["x-amzn-ErrorType"] = error.code
    return response


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
