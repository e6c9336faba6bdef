"""A WSGI application served on a port of this machine, in threads that end with it."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
from typing import TYPE_CHECKING, Any, Final

from waitress.server import create_server  # type: ignore[import-untyped]

from infra.local.errors import PortInUseError, PortUnusableError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

HOST: Final = "127.0.0.1"
# Requests that wait for a thread are no news to the user.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
_LARGEST_BODY: Final = 512 * 1024 * 1024


def bind(port: int, purpose: str) -> socket.socket:
    """A socket on a port, 0 for a free one. Raises PortInUseError or PortUnusableError."""
    try:
        # create_server sets SO_REUSEADDR, so a port of a process that has just ended can be taken at once.
        return socket.create_server((HOST, port))
    except OverflowError as error:
        raise PortUnusableError(port, purpose, str(error)) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(port, purpose) from error
        raise PortUnusableError(port, purpose, os.strerror(error.errno or 0)) from error


def url_of(listener: socket.socket) -> str:
    """The address that clients use."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


class Server:
    """Serves an application on a bound socket until it is closed."""

    def __init__(
        self, application: WSGIApplication, listener: socket.socket, threads: int, name: str
    ) -> None:
        self._channels: dict[int, Any] = {}
        self._server = create_server(
            application,
            map=self._channels,
            sockets=[listener],
            threads=threads,
            ident="steploom",
            max_request_body_size=_LARGEST_BODY,
            channel_timeout=3600,
            connection_limit=1000,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,
        )
        self._thread = threading.Thread(target=self._server.run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer nothing more. Requests under way lose their connection."""
        self._server.trigger.pull_trigger(self._close_channels)
        self._thread.join()
        self._server.task_dispatcher.shutdown(timeout=1)

    def _close_channels(self) -> None:
        # In the thread of the loop, which ends when its map is empty.
        for channel in list(self._channels.values()):
            channel.close()
        self._channels.clear()
