"""The Lambda Runtime API as one runtime client speaks it: a listening socket and plain HTTP/1.1.

Each worker has a port of its own, because the runtime client's address is host:port with no path prefix
and its requests do not say which worker they come from (AWS: "Using the Lambda runtime API").
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import parse_headers
from io import BufferedReader
from typing import Final, cast

_POLL_SECONDS: Final = 0.05


class ConversationEndedError(Exception):
    """The runtime client closed its connection, or its process has ended."""


@dataclass(frozen=True, slots=True)
class RuntimeRequest:
    """One request of the runtime client; `answer` it on the connection that it came on."""

    method: str
    path: str
    body: bytes
    connection: socket.socket

    def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Send the whole response in one write. Raises ConversationEndedError if nobody reads it."""
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        try:
            self.connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        except OSError as error:
            raise ConversationEndedError from error


_REASONS: Final = {200: "OK", 202: "Accepted", 404: "Not Found"}


class Conversation:
    """Receives the requests of one runtime client in order."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._readers: dict[socket.socket, BufferedReader] = {}

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def receive(self, deadline: float, is_alive: Callable[[], bool]) -> RuntimeRequest:
        """The next request; `deadline` on the monotonic clock.

        Raises TimeoutError at the deadline, ConversationEndedError when the other side is gone.
        """
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            ready = self._selector.select(min(remaining, _POLL_SECONDS))
            for key, _ in ready:
                request = self._turn(cast("socket.socket", key.fileobj), deadline)
                if request is not None:
                    return request
            if not ready and not is_alive():
                raise ConversationEndedError

    def close(self) -> None:
        """Close every connection; the runtime client notices and ends."""
        self._selector.close()
        for connection, reader in self._readers.items():
            reader.close()
            connection.close()
        self._listener.close()

    def _turn(self, ready: socket.socket, deadline: float) -> RuntimeRequest | None:
        if ready is self._listener:
            self._accept()
            return None
        ready.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            request = _read(self._readers[ready], ready)
        except TimeoutError:
            raise
        except OSError:
            request = None
        if request is None:
            self._forget(ready)
        return request

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._readers[connection] = connection.makefile("rb")
        self._selector.register(connection, selectors.EVENT_READ)

    def _forget(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._readers.pop(connection).close()
        connection.close()


def _read(reader: BufferedReader, connection: socket.socket) -> RuntimeRequest | None:
    line = reader.readline()
    if not line.endswith(b"\n"):
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = parse_headers(reader)
    if headers.get("Expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        body = _chunks(reader)
    else:
        body = reader.read(int(headers.get("Content-Length") or 0))
    return RuntimeRequest(method, path, body, connection)


def _chunks(reader: BufferedReader) -> bytes:
    pieces: list[bytes] = []
    while size := int(reader.readline().split(b";")[0], 16):
        pieces.append(reader.read(size))
        reader.readline()
    reader.readline()
    return b"".join(pieces)
