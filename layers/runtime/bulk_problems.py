"""The catalogue of problems of bulk starts."""

from __future__ import annotations

from layers.runtime.errors import Problem, RequestError


def bulk_not_found(bulk: str) -> RequestError:
    """404: no such bulk start in the project."""
    return RequestError(
        Problem(
            404,
            "bulk_not_found",
            "Bulk start not found",
            f"There is no bulk start '{bulk}'.",
            "Records are kept for 90 days.",
        )
    )


def list_or_object() -> RequestError:
    """422: the payloads stand in the request, or in an object."""
    return RequestError(
        Problem(
            422,
            "list_or_object",
            "A list or an object",
            "The request has both `items` and `source`, or neither.",
            'Send {"items": [<payload>, …]}, or {"source": {"key", "format"}} for an object in the bucket.',
        )
    )
