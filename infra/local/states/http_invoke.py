"""The HTTP Task, `http:invoke`: sends the request and makes the task's result or error of the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import urllib3

from infra.local.aws.clients import Clients
from infra.local.names import REGION
from infra.local.states.http_connection import Additions, ConnectionUnusable, read_connection
from infra.local.states.http_request import HttpRequest, UnfitRequest, build_request, connection_arn
from translator.interpreter import Outcome, TaskFailed, TaskSucceeded
from translator.interpreter.payload import MAXIMUM_BYTES, encode
from translator.json_value import JsonValue

LONGEST_SECONDS: Final = 60.0
"""AWS: how long the other side may take, whatever TimeoutSeconds says."""
_UNREADABLE: Final = ("application/octet-stream", "image/", "video/", "audio/")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are lower-case, as the service gives them."""

    status: int
    reason: str
    headers: Mapping[str, list[str]]
    text: str

    @property
    def result(self) -> dict[str, JsonValue]:
        """The task's result."""
        return {
            "Headers": {name: list(values) for name, values in self.headers.items()},
            "ResponseBody": self._body(),
            "StatusCode": self.status,
            "StatusText": self.reason,
        }

    def _body(self) -> JsonValue:
        if not any("json" in value for value in self.headers.get("content-type", ())):
            return self.text
        try:
            value: JsonValue = json.loads(self.text)
        except ValueError:
            return self.text
        return value


@dataclass(frozen=True, slots=True)
class Exchange:
    """An outcome and how it came about; `plain` is the request without what the connection added."""

    outcome: Outcome
    request: HttpRequest | None = None
    plain: HttpRequest | None = None
    answer: Answer | None = None

    def inspection(self, *, reveal: bool) -> dict[str, JsonValue]:
        """The fields `request` and `response` of the API's InspectionData."""
        sent = self.request if reveal else self.plain
        shown: dict[str, JsonValue] = {}
        if sent is not None:
            shown["request"] = {
                "protocol": sent.url.partition(":")[0],
                "method": sent.method,
                "url": sent.url,
                "headers": _listed(sent.headers),
                **({} if sent.content is None else {"body": sent.content}),
            }
        if sent is not None and self.answer is not None:
            answer = self.answer
            shown["response"] = {
                "protocol": sent.url.partition(":")[0],
                "statusCode": str(answer.status),
                "statusMessage": answer.reason,
                "headers": _listed({name: ", ".join(values) for name, values in answer.headers.items()}),
                "body": answer.text,
            }
        return shown


class HttpTasks:
    """Sends requests over connections that it keeps open; safe to use from any thread."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._pool = urllib3.PoolManager(retries=False, timeout=LONGEST_SECONDS)

    def invoke(self, arguments: JsonValue) -> Exchange:
        """Do what the task's arguments say; blocks until the other side has answered."""
        given = arguments if isinstance(arguments, Mapping) else {}
        try:
            added = read_connection(self._clients, connection_arn(given), self._fetch)
            request = build_request(given, added, REGION)
            plain = build_request(given, Additions(), REGION)
        except UnfitRequest as error:
            return Exchange(TaskFailed("States.Runtime", str(error)))
        except ConnectionUnusable as error:
            return Exchange(TaskFailed(error.error, error.cause))
        content = None if request.content is None else request.content.encode()
        try:
            with self._open(request.method, request.url, request.headers, content) as response:
                return _exchange(request, plain, response)
        except urllib3.exceptions.HTTPError as error:
            return Exchange(TaskFailed("States.Http.Socket", str(error)), request, plain)

    def _fetch(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> bytes:
        try:
            with self._open(method, url, headers, content) as response:
                read: bytes = response.read(MAXIMUM_BYTES)
                return read
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionUnusable("InvalidConnectionState", str(error)) from error

    def _open(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Any:
        return self._pool.request(
            method, url, body=content, headers=dict(headers), redirect=False, preload_content=False
        )


def _exchange(request: HttpRequest, plain: HttpRequest, response: Any) -> Exchange:
    content = response.read(MAXIMUM_BYTES + 1)
    names = {name.lower() for name in response.headers}
    headers = {name: list(response.headers.getlist(name)) for name in sorted(names)}
    kinds = headers.get("content-type", [])
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    if len(content) > MAXIMUM_BYTES:
        cause = "The state/task 'http' returned a result with a size exceeding the maximum number of bytes "
        return Exchange(TaskFailed("States.DataLimitExceeded", f"{cause}service limit."), request, plain)
    if text is None or any(kind.startswith(_UNREADABLE) for kind in kinds):
        cause = f"The response cannot be read as text: its content type is '{', '.join(kinds)}'."
        return Exchange(TaskFailed("States.Runtime", cause), request, plain)
    answer = Answer(response.status, response.reason or "", headers, text)
    if 200 <= answer.status < 300:
        return Exchange(TaskSucceeded(answer.result), request, plain, answer)
    failed = TaskFailed(f"States.Http.StatusCode.{answer.status}", encode(answer.result))
    return Exchange(failed, request, plain, answer)


def _listed(headers: Mapping[str, str]) -> str:
    return f"[{', '.join(f'{name}: {value}' for name, value in headers.items())}]"
