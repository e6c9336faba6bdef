"""The services that moto emulates, with their data kept across restarts.

Every request that changed something is logged before it is answered, and from time to time the whole
data is written and the log begun anew; a restart loads the data and repeats the log.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from infra.local.aws.many_items import forget_instances, install
from infra.local.aws.operation import operation_of
from infra.local.aws.record import LoggedRequest
from infra.local.aws.snapshots import KEPT_SERVICES, Snapshots
from infra.local.names import ACCOUNT

_SNAPSHOT_BYTES: Final = 4 * 1024 * 1024
_T = TypeVar("_T")
_ACCOUNT_HEADER: Final = "HTTP_X_MOTO_ACCOUNT_ID"


class Emulation:
    """Answers requests for the emulated services of one account."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)
        self._snapshots = snapshots
        # moto checks a condition and writes in two steps, so one kept service's requests must not mix.
        self._lock = threading.RLock()
        self._changed = False
        install()

    def restore(self) -> None:
        """Load the data of an earlier process."""
        with self._lock:
            for logged in self._snapshots.load():
                self._run(Request(logged.environ()))

    def answer(self, request: Request) -> Response:
        """The emulated service's answer."""
        operation = operation_of(request)
        if operation.service and operation.service not in KEPT_SERVICES:
            return self._run(request)
        with self._lock:
            logged = None if operation.only_reads else LoggedRequest.of(request)
            response = self._run(request)
            if logged is not None and response.status_code < 300:
                self._keep(logged)
            return response

    def read(self, look: Callable[[], _T]) -> _T:
        """What a function finds while no request changes the data."""
        with self._lock:
            return look()

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
        forget_instances()
        return Response(b"".join(body), status, headers)
