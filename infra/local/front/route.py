"""Which route of the HTTP API answers a request (API Gateway: "Routes for HTTP APIs")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from infra.topology import Route

_GREEDY: Final = re.compile(r"\{(\w+)\+\}")
_VARIABLE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what its path's variables stand for."""

    route: Route
    parameters: Mapping[str, str]

    @property
    def key(self) -> str:
        """The route key, as `POST /orders/{id}`."""
        return f"{self.route.method} {self.route.path}"


class Router:
    """Chooses the most specific route: literal segments before variable and greedy ones, then by method."""

    def __init__(self, routes: Iterable[Route]) -> None:
        ordered = sorted(routes, key=_generality)
        self._routes = tuple((route, _pattern(route.path)) for route in ordered)

    def find(self, method: str, path: str) -> Match | None:
        """The route of a request with a decoded path; None if there is none."""
        for route, pattern in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method in {method, "ANY"}:
                return Match(route, found.groupdict())
        return None


def _generality(route: Route) -> tuple[tuple[int, ...], bool]:
    return tuple(map(_rank, route.path.strip("/").split("/"))), route.method == "ANY"


def _rank(segment: str) -> int:
    if _GREEDY.fullmatch(segment):
        return 2
    return 1 if _VARIABLE.fullmatch(segment) else 0


def _pattern(path: str) -> re.Pattern[str]:
    pieces = [_segment_pattern(segment) for segment in path.strip("/").split("/")]
    return re.compile("/" + "/".join(pieces), re.DOTALL)


def _segment_pattern(segment: str) -> str:
    if greedy := _GREEDY.fullmatch(segment):
        return f"(?P<{greedy[1]}>.+)"
    if variable := _VARIABLE.fullmatch(segment):
        return f"(?P<{variable[1]}>[^/]+)"
    return re.escape(segment)
