"""Who calls: the principal that the authorizer puts into each request's context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layers.runtime.json_value import JsonValue
from layers.runtime.problems import not_signed_in


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody with roles in one project."""

    id: str
    project: str
    roles: tuple[str, ...] = ()

    def to_json(self) -> dict[str, JsonValue]:
        """The form that travels in the authorizer's context."""
        return {"id": self.id, "project": self.project, "roles": list(self.roles)}


def principal_of(event: Mapping[str, Any]) -> Principal:
    """The principal of an HTTP API request (payload 2.0); raises RequestError (401) if it names none.

    Source: `requestContext.authorizer.lambda` (AWS: HTTP API Lambda authorizers, simple responses).
    """
    context = (event.get("requestContext") or {}).get("authorizer") or {}
    named = (context.get("lambda") or {}).get("principal")
    if not isinstance(named, Mapping) or not named.get("id") or not named.get("project"):
        raise not_signed_in()
    return Principal(str(named["id"]), str(named["project"]), tuple(map(str, named.get("roles") or ())))
