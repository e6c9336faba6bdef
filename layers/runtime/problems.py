"""The catalogue of problems that callers of the REST API and of webhooks can meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from layers.runtime.errors import PlatformError, Problem, RequestError
from layers.runtime.json_value import JsonObject


def not_signed_in() -> RequestError:
    """401: the request carries no principal."""
    return RequestError(
        Problem(
            401,
            "not_signed_in",
            "Not signed in",
            "The request names no principal.",
            "Send the header `Authorization: Bearer <token>`.",
        )
    )


def workflow_not_found(workflow: str) -> RequestError:
    """404: no such workflow in the project."""
    return RequestError(
        Problem(
            404,
            "workflow_not_found",
            "Workflow not found",
            f"There is no workflow '{workflow}'.",
            "See GET /api/workflows for those there are, or create it with POST /api/workflows.",
        )
    )


def workflow_exists(workflow: str) -> RequestError:
    """409: the id is in use."""
    return RequestError(
        Problem(
            409,
            "workflow_exists",
            "Workflow exists",
            f"There is a workflow '{workflow}' already.",
            f"Change it with PUT /api/workflows/{workflow}, or give the new one another id.",
        )
    )


def workflow_active(workflow: str) -> RequestError:
    """409: an active workflow is not deleted."""
    return RequestError(
        Problem(
            409,
            "workflow_active",
            "Workflow is active",
            f"Workflow '{workflow}' is active, so its webhooks would be lost.",
            f"Pause it first with POST /api/workflows/{workflow}/pause.",
        )
    )


def workflow_not_active(workflow: str, status: str) -> RequestError:
    """409: only an active workflow starts runs or can be paused."""
    paused = status == "paused"
    return RequestError(
        Problem(
            409,
            "workflow_paused" if paused else "workflow_not_active",
            "Workflow is not active",
            f"Workflow '{workflow}' is {'paused' if paused else 'a draft: it was never activated'}.",
            f"Activate it with POST /api/workflows/{workflow}/activate.",
        )
    )


def id_differs(path_id: str, definition_id: str) -> RequestError:
    """422: the address and the definition name different workflows."""
    return RequestError(
        Problem(
            422,
            "id_differs",
            "Ids differ",
            f"The address names workflow '{path_id}', the definition has the id '{definition_id}'.",
            "A workflow keeps its id: correct one of the two, or create a new workflow with POST.",
        )
    )


def invalid_definition(diagnostics: Sequence[JsonObject]) -> RequestError:
    """422: the translator found errors; nothing was stored."""
    return RequestError(
        Problem(
            422,
            "invalid_definition",
            "Invalid definition",
            f"The definition cannot be compiled ({len(diagnostics)} in `diagnostics`); nothing was stored.",
            "Each entry of `diagnostics` names a place and what to do there.",
            tuple(diagnostics),
        )
    )


def too_large(what: str, size: int, limit: int, hint: str) -> RequestError:
    """413: with the figures."""
    return RequestError(
        Problem(413, "too_large", "Too large", f"{what} has {size:,} bytes; the limit is {limit:,}.", hint)
    )


def changed_meanwhile(workflow: str) -> RequestError:
    """409: somebody else was faster."""
    return RequestError(
        Problem(
            409,
            "changed_meanwhile",
            "Changed meanwhile",
            f"Workflow '{workflow}' was changed by somebody else meanwhile; nothing was stored.",
            f"Read it again with GET /api/workflows/{workflow} and repeat the change.",
        )
    )


def revision_differs(workflow: str, expected: str, actual: str) -> RequestError:
    """412: the If-Match of the request is not the current ETag."""
    return RequestError(
        Problem(
            412,
            "revision_differs",
            "Revision differs",
            f"Workflow '{workflow}' has the ETag {actual}, the request expects {expected}.",
            f"Read it again with GET /api/workflows/{workflow} and repeat the change.",
        )
    )


def webhook_taken(method: str, path: str, owner: str) -> RequestError:
    """409: another workflow answers this webhook."""
    return RequestError(
        Problem(
            409,
            "webhook_taken",
            "Webhook path taken",
            f"'{method} /webhooks/{path}' belongs to workflow '{owner}'; nothing was activated.",
            "Give the trigger another path, or delete the other workflow.",
        )
    )


def cannot_activate(diagnostics: Sequence[JsonObject]) -> RequestError:
    """422: the definition compiles, but would not do what it says."""
    return RequestError(
        Problem(
            422,
            "cannot_activate",
            "Cannot be activated",
            "The definition compiles, but cannot be activated as it stands; what was active before still is.",
            "Each entry of `diagnostics` names a place and what to do there.",
            tuple(diagnostics),
        )
    )


def run_not_found(run: str) -> RequestError:
    """404: no such run in the project."""
    return RequestError(
        Problem(
            404,
            "run_not_found",
            "Run not found",
            f"There is no run '{run}'.",
            "See GET /api/executions; records are kept for 90 days.",
        )
    )


def run_not_cancellable(run: str) -> RequestError:
    """409: Express executions cannot be stopped (AWS: StopExecution)."""
    return RequestError(
        Problem(
            409,
            "run_not_cancellable",
            "Run cannot be cancelled",
            f"Run '{run}' is of an Express workflow, and the service stops none of those.",
            "It ends within five minutes by itself.",
        )
    )


def run_has_ended(run: str, status: str) -> RequestError:
    """409: an ended run is not cancelled."""
    return RequestError(
        Problem(
            409,
            "run_has_ended",
            "Run has ended",
            f"Run '{run}' is {status} already.",
            "There is nothing to do.",
        )
    )


def key_reused(key: str) -> RequestError:
    """422: one idempotency key, two payloads."""
    return RequestError(
        Problem(
            422,
            "idempotency_key_reused",
            "Idempotency key reused",
            f"The Idempotency-Key '{key}' was sent before with another body.",
            "Use a new key for a new run, or repeat the same body.",
        )
    )


def not_json(detail: str) -> RequestError:
    """400: the body is not JSON where JSON is declared."""
    return RequestError(
        Problem(
            400,
            "not_json",
            "Not JSON",
            f"The body is not JSON: {detail}.",
            "Send valid JSON (RFC 8259) in UTF-8.",
        )
    )


def reserved_name(name: str) -> RequestError:
    """400: data from outside must not look like a reference of our own."""
    return RequestError(
        Problem(
            400,
            "reserved_name",
            "Reserved name",
            f"The request has a field '{name}', which only the platform itself may write.",
            "Give the field another name.",
        )
    )


def bad_request(detail: str, hint: str) -> RequestError:
    """400: a parameter or header that does not fit."""
    return RequestError(Problem(400, "bad_request", "Bad request", detail, hint))


def bad_cursor() -> RequestError:
    """400: a cursor that no list has given."""
    return bad_request(
        "The cursor does not belong to this list.", "Send the `cursor` of the page before, unchanged."
    )


def unsupported_media_type(given: str, expected: Iterable[str]) -> RequestError:
    """415: a content type that is not read here."""
    return RequestError(
        Problem(
            415,
            "unsupported_media_type",
            "Unsupported media type",
            f"The content type '{given}' is not read here.",
            f"Send {' or '.join(expected)}.",
        )
    )


def start_failed(run: str, reason: str) -> PlatformError:
    """503: Step Functions did not take the run; its record says so."""
    return PlatformError(
        Problem(
            503,
            "start_failed",
            "The run could not be started",
            f"Step Functions did not take run '{run}': {reason}",
            "Try again; if it stays so, activate the workflow again.",
            headers={"retry-after": "5"},
        )
    )
