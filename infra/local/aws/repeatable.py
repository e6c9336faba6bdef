"""What moto draws and when, made the same for the same request: a log of requests then gives the same data.

Without it a repeated SendMessage would make another message, and a repeated DeleteMessage would not find it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Final

import moto.core.utils
from moto.moto_api._internal import mock_random

_MOMENT: Final[ContextVar[float | None]] = ContextVar("moment", default=None)


def now() -> float:
    """The time on moto's clock, in epoch seconds."""
    moment = _MOMENT.get()
    return time.time() if moment is None else moment


@cache
def install() -> None:
    """Gives moto a clock that can be set, once for the process and before any service is loaded."""

    def utcnow() -> datetime:
        # moto counts with naive times.
        return datetime.fromtimestamp(now(), UTC).replace(tzinfo=None)

    moto.core.utils.utcnow = utcnow


@contextmanager
def fixed(at: float, seed: int) -> Iterator[None]:
    """Within it moto's clock stands at `at` (epoch seconds), and its draws begin with the seed."""
    token = _MOMENT.set(at)
    mock_random.seed(seed)
    try:
        yield
    finally:
        _MOMENT.reset(token)
