"""Serves the shop over HTTP on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from steploom.demo.http_server import answering


class Answering(Protocol):
    """What is served: a shop, or another service."""

    def answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, key: str | None
    ) -> tuple[int, Any]:
        """Status and JSON body; `key` is the Idempotency-Key header."""


def serving(shop: Answering, port: int = 0) -> AbstractContextManager[str]:
    """The shop's URL while it is served; port 0 takes a free one."""
    return answering(_handler_of(shop), port)


def _handler_of(shop: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request to the shop."""

        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            key = self.headers.get("Idempotency-Key")
            try:
                body = self._body()
                status, reply = shop.answer(self.command, parts.path, dict(parse_qsl(parts.query)), body, key)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                status, reply = 400, {"error": f"the shop does not understand this: {error!r}"}
            self._send(status, reply)

        def _body(self) -> Any:
            length = int(self.headers.get("Content-Length") or 0)
            return json.loads(self.rfile.read(length)) if length else {}

        def _send(self, status: int, reply: Any) -> None:
            content = b"" if reply is None else json.dumps(reply).encode()
            self.send_response(status)
            if content:
                self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            del format, args

    for method in ("GET", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    return Handler
