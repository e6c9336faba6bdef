"""The catalogue of problems about revisions and versions of workflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject

if TYPE_CHECKING:
    from layers.runtime.store.workflows import WorkflowHead


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


def version_not_found(workflow: str, version: int | str) -> RequestError:
    """404: the workflow has no such version."""
    return RequestError(
        Problem(
            404,
            "version_not_found",
            "Version not found",
            f"Workflow '{workflow}' has no version '{version}'.",
            f"See GET /api/workflows/{workflow}/versions.",
        )
    )


def nothing_before(workflow: str) -> RequestError:
    """409: no version was active before the one that is."""
    return RequestError(
        Problem(
            409,
            "nothing_before",
            "Nothing to go back to",
            f"No other version of workflow '{workflow}' was active before.",
            f'Name one of GET /api/workflows/{workflow}/versions as "version".',
        )
    )


def arms_differ(workflow: str, why: str) -> RequestError:
    """409: two versions that no A/B can be made of."""
    return RequestError(
        Problem(
            409,
            "arms_differ",
            "Versions cannot share runs",
            f"The two versions of workflow '{workflow}' cannot share its runs: {why}.",
            "Take two versions that are started in the same way, or activate the second one.",
        )
    )


def tests_failed(diagnostics: Sequence[JsonObject]) -> RequestError:
    """422: the definition's own tests do not pass, and the workflow's policy wants them to."""
    return RequestError(
        Problem(
            422,
            "tests_failed",
            "Tests failed",
            "The definition's tests do not pass; what was active before still is.",
            "Each entry of `diagnostics` names a test and what it found.",
            tuple(diagnostics),
        )
    )


def own_draft(workflow: str, author: str) -> RequestError:
    """409: nobody approves what they wrote."""
    return RequestError(
        Problem(
            409,
            "own_draft",
            "Own draft",
            f"'{author}' wrote the draft of workflow '{workflow}' and cannot approve it.",
            "Ask somebody else to approve it.",
        )
    )


def refuse_unapproved(head: WorkflowHead) -> None:
    """Raises RequestError (409) if the draft still needs the approval of a second person."""
    if not head.needs_approval or head.approved_revision == head.draft_revision:
        return
    raise RequestError(
        Problem(
            409,
            "approval_missing",
            "Approval missing",
            f"The draft of workflow '{head.id}' must be approved by somebody else than '{head.draft_by}'.",
            f"Ask for POST /api/workflows/{head.id}/approve, then activate it.",
        )
    )


def not_allowed(principal: str, role: str) -> RequestError:
    """403: the principal lacks a role."""
    return RequestError(
        Problem(
            403,
            "not_allowed",
            "Not allowed",
            f"'{principal}' does not have the role '{role}'.",
            "Ask somebody who has it.",
        )
    )
