"""How many requests a route takes (API Gateway developer guide, "Throttle requests to your HTTP APIs").

A token bucket for each route: it holds `burst` requests and is filled with `rate` of them a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from infra.parts import Throttle
from infra.topology import Route


class Throttles:
    """The buckets of all routes; a route without a limit of its own has the API's, if there is one."""

    def __init__(self, default: Throttle | None, monotonic: Callable[[], float]) -> None:
        self._default = default
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: dict[Route, tuple[float, float]] = {}

    def takes(self, route: Route) -> bool:
        """Whether a request may pass; it is then counted."""
        limit = route.throttle or self._default
        if limit is None:
            return True
        now = self._monotonic()
        with self._lock:
            tokens, filled_at = self._buckets.get(route, (float(limit.burst), now))
            tokens = min(float(limit.burst), tokens + (now - filled_at) * limit.rate)
            passes = tokens >= 1
            self._buckets[route] = (tokens - 1 if passes else tokens, now)
        return passes
