"""A real HTTP service on this machine whose answers each test scripts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedService:
    """Answers the next reply of `script`, the last one again and again; keeps what it received."""

    url: str = ""
    script: list[Reply] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.received.append(Received(handler.command, handler.path, headers, handler.rfile.read(length)))
        (self.script.pop(0) if len(self.script) > 1 else self.script[0])(handler)


def answer(status: int, body: bytes = b"", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return reply


def json_answer(status: int, body: bytes) -> Reply:
    return answer(status, body, Content_Type="application/json; charset=utf-8")


@pytest.fixture
def replies() -> Callable[..., Reply]:
    return answer


@pytest.fixture
def json_reply() -> Callable[[int, bytes], Reply]:
    return json_answer


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    scripted = ScriptedService(script=[json_answer(200, b'{"ok": true}')])

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            scripted.reply(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield scripted
    scripted.closing.set()
    server.shutdown()
    server.server_close()
