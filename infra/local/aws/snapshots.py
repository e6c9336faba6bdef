"""The emulated services' data on disk: the latest whole state and the log of what changed since."""

from __future__ import annotations

import copyreg
import io
import logging
import pickle
import re
import sys
from pathlib import Path
from threading import Condition
from typing import Any, Final

import moto.backends
from moto.core.base_backend import BackendDict

from infra.local.aws.record import LoggedRequest
from infra.local.errors import FolderUnusableError
from infra.local.files import append_line, whole_lines, write_whole
from infra.local.names import ACCOUNT

KEPT_SERVICES: Final = (
    "dynamodb",
    "s3",
    "events",
    "scheduler",
    "secretsmanager",
    "logs",
    "iam",
    "sqs",
    "sns",
)
"""The services whose moto data can be pickled whole; the others begin empty."""
_STATE: Final = re.compile(r"state-(\d+)\.pickle")
_LOG: Final = logging.getLogger(__name__)


class _Pickler(pickle.Pickler):
    """A queue of moto's holds a Condition for those who wait; nobody does in a new process."""

    dispatch_table = {**copyreg.dispatch_table, Condition: lambda _condition: (Condition, ())}  # noqa: RUF012


class Snapshots:
    """Numbered pairs of `state-N.pickle` and `requests-N.log`; only the highest N counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(found[1]) for path in folder.iterdir() if (found := _STATE.fullmatch(path.name))]
        self._number = max(numbers, default=0)

    def load(self) -> list[LoggedRequest]:
        """Put the latest state into moto and return the requests to repeat. Raises FolderUnusableError."""
        _forget()
        if self._state.exists():
            try:
                _put(pickle.loads(self._state.read_bytes()))  # noqa: S301 (our own file in the user's folder)
            except Exception as error:
                # Unpickling raises whatever the pickled classes raise.
                raise _damaged(self._state, str(error)) from error
        if not self._requests.exists():
            return []
        try:
            return [LoggedRequest.from_line(line) for line in whole_lines(self._requests)]
        except ValueError as error:
            raise _damaged(self._requests, str(error)) from error

    def log(self, logged: LoggedRequest) -> int:
        """Add a request; returns the log's size in bytes."""
        append_line(self._requests, logged.to_line())
        return self._requests.stat().st_size

    def save(self) -> None:
        """Write moto's state as the next number, then remove the one before."""
        old = (self._state, self._requests)
        content = io.BytesIO()
        _Pickler(content).dump(_state())
        write_whole(self._folder / f"state-{self._number + 1}.pickle", content.getvalue())
        self._number += 1
        for path in old:
            path.unlink(missing_ok=True)

    @property
    def _state(self) -> Path:
        return self._folder / f"state-{self._number}.pickle"

    @property
    def _requests(self) -> Path:
        return self._folder / f"requests-{self._number}.log"


def _damaged(path: Path, reason: str) -> FolderUnusableError:
    return FolderUnusableError(path.parent.parent, f'"{path.name}" cannot be read: {reason}')


def _backends(service: str) -> Any:
    # Typed by moto per literal name, which fits no loop over names.
    return moto.backends.get_backend(service)  # type: ignore[call-overload]


def _forget() -> None:
    # moto keeps its data per process: what an earlier local cloud of this process had is not ours.
    for backends in list(vars(BackendDict)["_instances"]):
        backends.pop(ACCOUNT, None)
    if "moto.s3.models" in sys.modules:
        buckets = _backends("s3").bucket_accounts
        for name in [name for name, (_, account) in buckets.items() if account == ACCOUNT]:
            del buckets[name]


def _state() -> dict[str, dict[str, Any]]:
    # Asking moto for a backend imports it, which costs up to half a second for one that nobody has used.
    used = [service for service in KEPT_SERVICES if f"moto.{service}.models" in sys.modules]
    return {service: dict(_backends(service)[ACCOUNT].items()) for service in used}


def _put(state: dict[str, dict[str, Any]]) -> None:
    for service, regions in state.items():
        account = _backends(service)[ACCOUNT]
        for region, backend in regions.items():
            account[region] = backend
    if "s3" in state:
        _index_buckets()


def _index_buckets() -> None:
    # moto finds a bucket's account in an index beside the data that is pickled.
    s3 = _backends("s3")
    for backend in s3[ACCOUNT].values():
        for name in backend.buckets:
            s3.bucket_accounts[name] = (backend.partition, ACCOUNT)
