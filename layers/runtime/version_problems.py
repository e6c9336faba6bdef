"""The catalogue of problems about revisions and versions of workflows."""

from __future__ import annotations

from layers.runtime.errors import Problem, RequestError


def revision_missing(workflow: str, actual: str) -> RequestError:
    """428: a change must say what it changes (RFC 6585)."""
    return RequestError(
        Problem(
            428,
            "revision_missing",
            "Revision missing",
            f"The request does not say which revision of workflow '{workflow}' it is to change.",
            f"Send the ETag that you read as `If-Match` (it is {actual} now), or `If-Match: *` to change "
            "whatever is there.",
            headers={"etag": actual},
        )
    )
