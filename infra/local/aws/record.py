"""One request to an emulated service as it is logged and repeated."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """What of a request decides the answer."""

    method: str
    target: str
    """The path and the query as sent."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    """When it came, in epoch seconds."""
    seed: int
    """Of what moto draws for it."""

    @staticmethod
    def of(request: Request, at: float, seed: int) -> LoggedRequest:
        """The record of a request."""
        query = request.query_string.decode("latin-1")
        path = request.environ.get("REQUEST_URI") or request.path
        target = path if "?" in path or not query else f"{path}?{query}"
        return LoggedRequest(
            request.method, target, tuple(request.headers.items()), request.get_data(), at, seed
        )

    def to_line(self) -> bytes:
        """One line of the log."""
        body = base64.b64encode(self.body).decode()
        return json.dumps([self.method, self.target, self.headers, body, self.at, self.seed]).encode()

    @staticmethod
    def from_line(line: bytes) -> LoggedRequest:
        """The record in a line. Raises ValueError if the line is no record."""
        method, target, headers, body, at, seed = json.loads(line)
        pairs = tuple((str(name), str(value)) for name, value in headers)
        return LoggedRequest(str(method), str(target), pairs, base64.b64decode(body), float(at), int(seed))

    def environ(self) -> dict[str, Any]:
        """The WSGI environment that repeats the request."""
        builder = EnvironBuilder(
            path=self.target, method=self.method, headers=list(self.headers), data=self.body or None
        )
        return builder.get_environ()
