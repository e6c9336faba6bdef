"""The services that moto emulates, with their data kept across restarts.

Every request that changed something is logged before it is answered, and from time to time the whole
data is written and the log begun anew; a restart loads the data and repeats the log.
"""

from __future__ import annotations

import io
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from infra.local.aws import many_items, many_messages, repeatable
from infra.local.aws.operation import operation_of
from infra.local.aws.record import LoggedRequest
from infra.local.aws.snapshots import KEPT_SERVICES, Snapshots
from infra.local.names import ACCOUNT

_SNAPSHOT_BYTES: Final = 4 * 1024 * 1024
_T = TypeVar("_T")
_ACCOUNT_HEADER: Final = "HTTP_X_MOTO_ACCOUNT_ID"


class Emulation:
    """Answers requests for the emulated services of one account, one after the other.

    moto checks a condition and writes in two steps, and all its services draw from one source of randomness.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)
        self._snapshots = snapshots
        self._lock = threading.RLock()
        self._changed = False
        many_items.install()
        repeatable.install()
        many_messages.install()

    def restore(self) -> None:
        """Load the data of an earlier process."""
        with self._lock:
            for logged in self._snapshots.load():
                with repeatable.fixed(logged.at, logged.seed):
                    self._run(Request(logged.environ()))

    def answer(self, request: Request, *, only_reads: bool | None = None) -> Response:
        """The emulated service's answer; `only_reads` where the caller knows better than by its name."""
        operation = operation_of(request)
        kept = not operation.service or operation.service in KEPT_SERVICES
        with self._lock:
            if not kept or (operation.only_reads if only_reads is None else only_reads):
                return self._run(request)
            logged = LoggedRequest.of(request, time.time(), secrets.randbits(64))
            with repeatable.fixed(logged.at, logged.seed):
                response = self._run(request)
            if response.status_code < 300:
                self._keep(logged)
            return response

    def read(self, look: Callable[[], _T]) -> _T:
        """What a function finds while no request changes the data."""
        with self._lock:
            return look()

    def change(self, work: Callable[[], _T]) -> _T:
        """Change the data otherwise than by a request; returns when it is written."""
        with self._lock:
            result = work()
            self._changed = True
            self.save()
            return result

    def save(self) -> None:
        """Write the whole data if it has changed since the last time."""
        with self._lock:
            if self._changed:
                self._snapshots.save()
                self._changed = False

    def _keep(self, logged: LoggedRequest) -> None:
        self._changed = True
        if self._snapshots.log(logged) > _SNAPSHOT_BYTES:
            self.save()

    def _run(self, request: Request) -> Response:
        environ = {**request.environ, "wsgi.input": io.BytesIO(request.get_data()), _ACCOUNT_HEADER: ACCOUNT}
        body, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        return Response(b"".join(body), status, headers)
