"""The problems of requests that meet no open webhook."""

from __future__ import annotations

from collections.abc import Sequence

from functions.webhook.request import WebhookRequest
from layers.runtime.errors import Problem, RequestError
from layers.runtime.store.routes import Route


def not_found(path: str) -> RequestError:
    """404: nothing answers at that path."""
    return RequestError(
        Problem(
            404,
            "webhook_not_found",
            "Webhook not found",
            f"No active workflow has a webhook at '/webhooks/{path}'.",
            "Activate the workflow, and see GET /api/webhooks for all paths.",
        )
    )


def wrong_method(request: WebhookRequest, routes: Sequence[Route]) -> RequestError:
    """405: the path takes other methods."""
    allowed = ", ".join(sorted(route.method for route in routes))
    return RequestError(
        Problem(
            405,
            "method_not_allowed",
            "Method not allowed",
            f"'/webhooks/{request.path}' does not take {request.method}.",
            f"It takes {allowed}.",
            headers={"allow": allowed},
        )
    )


def paused(workflow: str) -> RequestError:
    """503: nothing is started until the workflow is activated again."""
    return RequestError(
        Problem(
            503,
            "workflow_paused",
            "Workflow is paused",
            f"Workflow '{workflow}' is paused; nothing was started.",
            "Send it again later.",
            headers={"retry-after": "60"},
        )
    )
