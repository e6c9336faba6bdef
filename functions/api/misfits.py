"""Requests that do not fit what a route takes, as problems that name every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.runtime.errors import Problem


def misfit(errors: Sequence[Mapping[str, Any]], root: str = "") -> Problem:
    """422 from pydantic's errors; `root` is where the value stands that was checked (`body`)."""
    places = [_place(error, root) for error in errors]
    detail = "; ".join(str(place["message"]) for place in places)
    return Problem(
        422,
        "invalid_request",
        "Invalid request",
        f"The request does not fit: {detail}.",
        "See GET /api/openapi.json for what each route takes.",
        places,
    )


def _place(error: Mapping[str, Any], root: str) -> dict[str, Any]:
    parts = [str(part) for part in (*([root] if root else []), *error["loc"])]
    return {
        "code": error["type"],
        "severity": "error",
        "message": f"'{parts[-1] if parts else 'body'}': {error['msg']}",
        "hint": "see /api/openapi.json",
        "line": 0,
        "column": 0,
        "pointer": "/".join(parts),
    }
