"""What a page of another origin may do (API Gateway developer guide, "Configure CORS for HTTP APIs")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from werkzeug.wrappers import Request, Response

from infra.parts import Cors

_ANY: Final = "*"
_PREFIX: Final = "access-control-"


@dataclass(frozen=True, slots=True)
class CrossOrigin:
    """Answers preflights and marks answers, as the API's configuration says; without one it does neither."""

    allowed: Cors | None

    def preflight(self, request: Request) -> Response | None:
        """The answer to a preflight; None to any other request."""
        if self.allowed is None or request.method != "OPTIONS":
            return None
        if not ("Origin" in request.headers and "Access-Control-Request-Method" in request.headers):
            return None
        response = Response(status=204)
        self.mark(request, response)
        if f"{_PREFIX}allow-origin" in response.headers:
            _list(response, "allow-methods", self.allowed.methods)
            _list(response, "allow-headers", self.allowed.headers)
            response.headers[f"{_PREFIX}max-age"] = str(self.allowed.max_age_seconds)
        return response

    def mark(self, request: Request, response: Response) -> None:
        """Put the headers for the request's origin on an answer, in place of those of a function."""
        if self.allowed is None:
            return
        for name, _ in list(response.headers):
            if name.lower().startswith(_PREFIX):
                response.headers.remove(name)
        origin = request.headers.get("Origin")
        if origin is None or not any(fnmatchcase(origin, allowed) for allowed in self.allowed.origins):
            return
        everybody = _ANY in self.allowed.origins and not self.allowed.credentials
        response.headers[f"{_PREFIX}allow-origin"] = _ANY if everybody else origin
        _list(response, "expose-headers", self.allowed.exposed_headers)
        if self.allowed.credentials:
            response.headers[f"{_PREFIX}allow-credentials"] = "true"


def _list(response: Response, name: str, values: Iterable[str]) -> None:
    text = ",".join(values)
    if text:
        response.headers[f"{_PREFIX}{name}"] = text
