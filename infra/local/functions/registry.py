"""The deployed functions by name or ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from infra.local.functions.pool import FunctionPool

_REFERENCE: Final = re.compile(
    r"(?:arn:aws[\w-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d+:)?(?:\d{12}:)?(?:function:)?"
    r"(?P<name>[A-Za-z0-9_-]+)(?::(?P<qualifier>\$LATEST|[A-Za-z0-9_-]+))?"
)
"""AWS Lambda API, FunctionName: a name, an ARN or a partial ARN, each with an optional qualifier."""


class FunctionNotFoundError(LookupError):
    """No function of that name is deployed."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"Function not found: {reference}")


class Functions:
    """Finds the pool of a function."""

    def __init__(self, pools: Mapping[str, FunctionPool]) -> None:
        self._pools = pools

    def find(self, reference: str) -> FunctionPool:
        """The pool of a function given by name, ARN or partial ARN. Raises FunctionNotFoundError."""
        matched = _REFERENCE.fullmatch(reference)
        pool = self._pools.get(matched["name"]) if matched else None
        if pool is None or matched is None or matched["qualifier"] not in {None, "$LATEST"}:
            raise FunctionNotFoundError(reference)
        return pool

    def names(self) -> tuple[str, ...]:
        """The deployed names, in the topology's order."""
        return tuple(self._pools)

    def warm(self) -> None:
        """Start one worker of each function before it is needed."""
        for pool in self._pools.values():
            pool.warm()

    def reap(self, used_before: float, last_used_before: float) -> None:
        """End workers that have been idle since a time of the monotonic clock, each function's last later."""
        for pool in self._pools.values():
            pool.reap(used_before, last_used_before)

    def close(self) -> None:
        """End every worker of every function."""
        for pool in self._pools.values():
            pool.close()
