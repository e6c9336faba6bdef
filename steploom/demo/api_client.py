"""A client of the REST API and of webhooks, as anybody could write one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import click
import requests

ENDED: Final = ("succeeded", "failed", "timed_out", "cancelled", "interrupted")
_TIMEOUT_SECONDS: Final = 30
_POLL_SECONDS: Final = 0.15


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Talks to one local cloud; raises click's error with the server's own words where it refuses."""

    url: str
    token: str

    def deploy(self, workflow: str, definition: str) -> None:
        """Creates the workflow, or changes it if it is there, and activates it; `definition` is JSON."""
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        created = self._request("POST", "/api/workflows", data=definition.encode(), headers=headers)
        if created.status_code == 409:
            created = self._request(
                "PUT", f"/api/workflows/{workflow}", data=definition.encode(), headers=headers
            )
        _checked(created)
        _checked(self._request("POST", f"/api/workflows/{workflow}/activate"))

    def fire(self, path: str, body: Any) -> str:
        """Sends a webhook, without any token, and gives the id of the run that it started."""
        sent = requests.post(f"{self.url}/webhooks/{path}", json=body, timeout=_TIMEOUT_SECONDS)
        return str(_checked(sent)["run"])

    def ended(self, run: str, watch: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        """The run, once it has ended and its record is final; `watch` sees it on the way."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while True:
            seen: Mapping[str, Any] = _checked(self._request("GET", f"/api/executions/{run}"))
            watch(seen)
            if seen["status"] in ENDED and seen["final"]:
                return seen
            if time.monotonic() > deadline:
                raise click.ClickException(f"run {run} is still {seen['status']} after {_TIMEOUT_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def _request(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=_TIMEOUT_SECONDS, **more)


def _checked(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else None
    request = answer.request
    try:
        said = json.dumps(answer.json(), indent=2)
    except ValueError:
        said = answer.text
    raise click.ClickException(f"{request.method} {request.url} answered {answer.status_code}: {said}")
