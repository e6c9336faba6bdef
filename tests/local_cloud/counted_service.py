"""An HTTP service that keeps count of what was asked of it, and a deployment whose workflows call it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import yaml

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings
from steploom.platform.client import ApiClient


@dataclass
class Service:
    """An HTTP service that logs every request, and answers 500 to the paths that are broken."""

    url: str = ""
    log: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    """The paths that are not answered before `let_go`."""
    items: int = 3
    _answering: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        self.log.append(path)
        if path in self.held:
            self._answering.wait(20)
        if path in self.broken:
            return 500, {"error": "broken"}
        return 200, {"path": path, "items": self.items, "call": len(self.log)}

    def let_go(self) -> None:
        self.held = set()
        self._answering.set()

    def begin_anew(self) -> None:
        self.log.clear()
        self.broken, self.held, self.items = set(), set(), 3
        self._answering.clear()

    @contextmanager
    def serving(self) -> Iterator[Service]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, body = service.answer(self.path)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                del format, args

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield self
        server.shutdown()
        server.server_close()


@dataclass
class Platform:
    """A deployment with the service that its workflows call."""

    client: ApiClient
    service: Service

    def deploy(self, text: str) -> None:
        definition = yaml.safe_load(text.replace("URL", self.service.url))
        self.client.deploy(definition["id"], json.dumps(definition))

    def fire(self, path: str, body: Any) -> Any:
        return self.ended(self.client.fire(path, body))

    def ended(self, run: str) -> Any:
        return self.client.ended(run, lambda _: None)

    def post(self, path: str, body: Any = None, method: str = "POST") -> Any:
        headers = {"Authorization": f"Bearer {self.client.token}"}
        return requests.request(method, self.client.url + path, json=body, headers=headers, timeout=30)

    def goes_on(self, run: str, how: str, body: Any = None) -> Any:
        answered = self.post(f"/api/executions/{run}/{how}", body)
        assert answered.status_code == 202, answered.text
        return self.ended(answered.json()["run"])


@contextmanager
def serving(folder: Path) -> Iterator[Platform]:
    settings = LocalSettings(folder / "data", 0, 0, workflows_folder=folder, concurrency=2, warm=False)
    with Service().serving() as service, LocalCloud(settings) as running:
        running.wait_until_ready()
        yield Platform(ApiClient(running.front_url, running.development_token), service)


def nodes(run: Any) -> list[tuple[str, str]]:
    return [(node["node"], node["status"]) for node in run["timeline"]]
