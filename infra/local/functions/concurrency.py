"""How many invocations may be accepted at once: reserved by a function, or shared by the others.

Source: Lambda developer guide, "Understanding Lambda function scaling", "Configuring reserved concurrency".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Final

RESERVED_EXCEEDED: Final = "ReservedFunctionConcurrentInvocationLimitExceeded"
ACCOUNT_EXCEEDED: Final = "ConcurrentInvocationLimitExceeded"
RATE_EXCEEDED: Final = "Rate Exceeded."


class ThrottledError(Exception):
    """An invocation is refused because too many are under way; `reason` as the service names it."""

    def __init__(self, reason: str) -> None:
        super().__init__(RATE_EXCEEDED)
        self.reason = reason


class Concurrency:
    """Counts the invocations under way by function; without a number for the account nothing is refused."""

    def __init__(self, account: int | None = None, reserved: Mapping[str, int] | None = None) -> None:
        self._reserved = dict(reserved or {})
        self._shared = None if account is None else max(account - sum(self._reserved.values()), 0)
        self._under_way: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, function: str) -> None:
        """Count an invocation. Raises ThrottledError."""
        with self._lock:
            reserved = self._reserved.get(function)
            if reserved is not None:
                if self._under_way[function] >= reserved:
                    raise ThrottledError(RESERVED_EXCEEDED)
            elif self._shared is not None and self._unreserved() >= self._shared:
                raise ThrottledError(ACCOUNT_EXCEEDED)
            self._under_way[function] += 1

    def give_back(self, function: str) -> None:
        """An invocation has ended."""
        with self._lock:
            self._under_way[function] -= 1

    def _unreserved(self) -> int:
        return sum(count for name, count in self._under_way.items() if name not in self._reserved)
