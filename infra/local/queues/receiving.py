"""ReceiveMessage, whose caller may wait (Amazon SQS developer guide, "Short and long polling")."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Request, Response

from infra.local.aws.emulation import Emulation
from infra.local.aws.operation import operation_of
from infra.local.queues.arrivals import Arrivals
from infra.local.queues.emulated import Look, default_wait, look
from infra.local.scheduler import Clock

_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_WAIT: Final = 20.0
_NOTHING: Final = Look(ready=False, next_at=None)


@dataclass(frozen=True, slots=True)
class Receiving:
    """Waits outside of the emulation, which answers one request at a time, and lets it answer at once."""

    emulation: Emulation
    arrivals: Arrivals
    clock: Clock

    def answer(self, request: Request) -> Response | None:
        """The answer to a ReceiveMessage; None to any other request."""
        if not _is_receive(request):
            return None
        given = _given(request)
        name = str(given.get("QueueUrl") or request.path).rstrip("/").rpartition("/")[2]
        seconds = self._seconds(given, name)
        if seconds is None:
            return self.emulation.answer(request, only_reads=True)
        return self._wait(_at_once(request, given), name, self.clock() + seconds)

    def _seconds(self, given: Mapping[str, Any], name: str) -> float | None:
        """For how long to wait; None if the emulation is to refuse it."""
        text = given.get("WaitTimeSeconds")
        try:
            seconds = self.emulation.read(lambda: default_wait(name)) if text in (None, "") else float(text)
        except (TypeError, ValueError):
            return None
        return seconds if 0 <= seconds <= _LONGEST_WAIT else None

    def _wait(self, request: Request, name: str, deadline: float) -> Response:
        while True:
            seen = self.arrivals.count
            response, found = self.emulation.read(lambda: self._try(request, name))
            now = self.clock()
            if found.ready or response.status_code >= 300 or now >= deadline:
                return response
            until = deadline if found.next_at is None else min(deadline, found.next_at)
            self.arrivals.wait(seen, until - now)

    def _try(self, request: Request, name: str) -> tuple[Response, Look]:
        found = look(name, self.clock()) or _NOTHING
        # Where there is nothing to receive, nothing changes, and the log need not grow.
        return self.emulation.answer(request, only_reads=not found.ready), found


def _is_receive(request: Request) -> bool:
    operation = operation_of(request)
    target = request.headers.get("X-Amz-Target", "")
    return operation.name == "ReceiveMessage" and (
        operation.service == "sqs" or target.startswith("AmazonSQS.")
    )


def _given(request: Request) -> Mapping[str, Any]:
    content = request.get_data()
    if request.mimetype == _FORM:
        return dict(parse_qsl(content.decode("utf-8", "replace")))
    try:
        given = json.loads(content or b"{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _at_once(request: Request, given: Mapping[str, Any]) -> Request:
    """The same request of one who does not wait."""
    now = {**given, "WaitTimeSeconds": 0}
    content = (urlencode(now) if request.mimetype == _FORM else json.dumps(now)).encode()
    environ = {**request.environ, "wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content))}
    # Werkzeug keeps the body that it has read in the environment.
    return Request({name: value for name, value in environ.items() if not name.startswith("werkzeug.")})
