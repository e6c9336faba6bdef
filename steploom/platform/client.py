"""A client of a platform's REST API and of its webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    import requests

ENDED: Final = frozenset({"succeeded", "failed", "timed_out", "cancelled", "interrupted", "paused"})
"""The statuses of a run that will not change by itself."""
_TIMEOUT_SECONDS: Final = 30
_POLL_SECONDS: Final = 0.15


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Talks to one platform; what it refuses becomes click's error in the platform's own words."""

    url: str
    """Without a slash at the end."""
    token: str

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that a route answers; None values are left out of the query."""
        given = {name: value for name, value in query.items() if value is not None}
        return _checked(self._request("GET", path, params=given))

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The answer to any request that is not refused."""
        answer = self._request(method, path, data=body, headers=dict(headers or {}))
        _checked(answer)
        return answer

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON that a route answers which does something."""
        return _checked(self._request("POST", path, json=body))

    def deploy(self, workflow: str, definition: str) -> None:
        """Creates the workflow, or changes it if it is there, and activates it; `definition` is JSON."""
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        document: dict[str, Any] = {"data": definition.encode(), "headers": headers}
        created = self._request("POST", "/api/workflows", **document)
        if created.status_code == 409:
            created = self._request("PUT", f"/api/workflows/{workflow}", **document)
        _checked(created)
        _checked(self._request("POST", f"/api/workflows/{workflow}/activate"))

    def fire(self, path: str, body: Any) -> str:
        """Sends a webhook, without any token, and gives the id of the run that it started."""
        return str(_checked(_sent("POST", f"{self.url}/webhooks/{path}", json=body))["run"])

    def ended(self, run: str, watch: Callable[[Mapping[str, Any]], object]) -> Mapping[str, Any]:
        """The run, once it has ended and its record is final; `watch` sees it on the way."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while True:
            seen: Mapping[str, Any] = self.get(f"/api/executions/{run}")
            watch(seen)
            if seen["status"] in ENDED and seen["final"]:
                return seen
            if time.monotonic() > deadline:
                raise click.ClickException(f"run {run} is still {seen['status']} after {_TIMEOUT_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def _request(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return _sent(method, self.url + path, headers=headers, **more)


def _sent(method: str, url: str, **more: Any) -> requests.Response:
    import requests  # noqa: PLC0415 - a tenth of a second that no other command should wait for

    try:
        return requests.request(method, url, timeout=_TIMEOUT_SECONDS, **more)
    except requests.ConnectionError as error:
        raise click.ClickException(
            f"nothing answers at {url}: start the local cloud with `steploom up`, or say where the "
            "platform is with --url or STEPLOOM_URL"
        ) from error
    except requests.RequestException as error:
        raise click.ClickException(f"{url}: {error}") from error


def _checked(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else None
    try:
        problem: Mapping[str, Any] = answer.json()
        found = [f"  {one['code']}: {one['message']}" for one in problem.get("diagnostics", ())]
        said = "\n".join([f"{problem['detail']} ({problem['code']})", problem["hint"], *found]).strip()
    except (ValueError, KeyError):
        said = f"{answer.request.method} {answer.url} answered {answer.status_code}: {answer.text[:500]}"
    raise click.ClickException(said)
