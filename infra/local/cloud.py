"""The local cloud: builds every part from the topology, starts them in order, ends them in order."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import Final
from urllib.parse import urlsplit

from infra.local.aws.endpoint import HEALTH_PATH
from infra.local.deployment import Deployment
from infra.local.development_token import development_token
from infra.local.errors import AlreadyRunningError, ProjectNameError
from infra.local.files import FolderLock, write_whole
from infra.local.server import Server, bind, url_of
from infra.local.settings import LocalSettings
from layers.runtime.errors import ConfigurationError
from layers.runtime.settings import Settings

_FRONT_THREADS: Final = 32
_READY_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.5
_one_per_process: Final = threading.Lock()


class LocalCloud:
    """Serves a deployment of the topology on two ports of this machine, as a context manager.

    Entering raises a LocalCloudError if a port, the data folder or the project's name cannot be used;
    nothing runs then.
    """

    def __init__(self, settings: LocalSettings | None = None) -> None:
        self.settings = settings or LocalSettings()
        self.front_url = ""
        self.aws_url = ""
        self.development_token = ""
        self._parts = ExitStack()
        # Unlike an Event it may be told by a signal handler that interrupts the one who waits for it.
        self._asked_to_stop: SimpleQueue[None] = SimpleQueue()

    def __enter__(self) -> LocalCloud:
        _check_project(self.settings.project)
        with ExitStack() as parts:
            parts.enter_context(_only_one())
            parts.enter_context(FolderLock(self.settings.data_folder))
            front = parts.enter_context(bind(self.settings.front_port, "HTTP API"))
            aws = parts.enter_context(bind(self.settings.aws_port, "AWS endpoint"))
            self._start(front, aws, parts)
            self._parts = parts.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    def wait_until_ready(self) -> None:
        """Return when both ports answer HTTP. Raises TimeoutError after ten seconds."""
        deadline = time.monotonic() + _READY_SECONDS
        for url, path in ((self.front_url, "/"), (self.aws_url, HEALTH_PATH)):
            while not _answers(url, path):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{url} does not answer")

    def stop(self) -> None:
        """Let `serve_forever` return; may be called from any thread."""
        self._asked_to_stop.put(None)

    def serve_forever(self) -> None:
        """Wait for SIGINT, SIGTERM or `stop`. To be called in the main thread, inside the context."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self._asked_to_stop.put(None)

        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            # A signal may come to another thread, which does not wake this one: so it looks by itself too.
            while not self._is_asked(_LOOK_SECONDS):
                pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _is_asked(self, seconds: float) -> bool:
        try:
            self._asked_to_stop.get(timeout=seconds)
        except Empty:
            return False
        return True

    def _start(self, front: socket.socket, aws: socket.socket, parts: ExitStack) -> None:
        self.front_url, self.aws_url = url_of(front), url_of(aws)
        folder = self.settings.data_folder
        # For commands on this machine that ask what runs here.
        address = json.dumps({"front": self.front_url, "aws": self.aws_url})
        write_whole(folder / "address.json", address.encode(), against_power_loss=False)
        self.development_token = development_token(folder, self.settings.development_token)
        deployment = Deployment(
            self.settings, self.front_url, self.aws_url, self.development_token, time.time, _new_id
        )
        # Ended in the opposite order: nothing is taken in, then nobody is answered, then all is written.
        parts.callback(deployment.close)
        deployment.restore()
        threads = deployment.most_workers + deployment.most_requests + _FRONT_THREADS
        aws_server = Server(deployment.endpoint, aws, threads, "aws")
        parts.callback(aws_server.close)
        aws_server.start()
        deployment.start()
        front_server = Server(deployment.front, front, _FRONT_THREADS, "front")
        parts.callback(front_server.close)
        front_server.start()
        parts.callback(deployment.pause)


def _check_project(project: str) -> None:
    # Every function would refuse it, but only once somebody calls it.
    try:
        Settings.from_environment({"STEPLOOM_PROJECT": project})
    except ConfigurationError as error:
        raise ProjectNameError(project) from error


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    if not _one_per_process.acquire(blocking=False):
        raise AlreadyRunningError
    try:
        yield
    finally:
        _one_per_process.release()


def _answers(url: str, path: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=1)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _new_id() -> str:
    return str(uuid.uuid4())
