"""What the local cloud itself answers where no route does: where everything is, and the functions' logs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.wrappers import Request, Response

from infra.local.functions.registry import FunctionNotFoundError, Functions

_LOGS: Final = "/_local/logs/"
_LOG_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Index:
    """The root document and the logs."""

    links: Mapping[str, str]
    functions: Functions

    def answer(self, request: Request) -> Response | None:
        """The answer to a GET of one of our own paths; None for any other request."""
        if request.method not in {"GET", "HEAD"}:
            return None
        if request.path == "/":
            return _json({"service": "steploom", **self.links, "logs": self._log_links(request)})
        if request.path.startswith(_LOGS):
            return self._log(request.path.removeprefix(_LOGS))
        return None

    def _log_links(self, request: Request) -> dict[str, str]:
        return {name: f"{request.host_url.rstrip('/')}{_LOGS}{name}" for name in self.functions.names()}

    def _log(self, name: str) -> Response | None:
        try:
            group = self.functions.find(name).logs
        except FunctionNotFoundError:
            return None
        return Response(group.tail(_LOG_BYTES), content_type="text/plain; charset=utf-8")


def _json(value: object) -> Response:
    return Response(json.dumps(value, indent=2) + "\n", content_type="application/json")
