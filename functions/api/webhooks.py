"""The route that lists webhooks."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from functions.api.answers import Webhook, WebhookList
from functions.api.parameters import Cursor, Limit
from functions.api.reply import reply
from functions.api.routing import route_group
from functions.api.services import request_of
from layers.runtime.store.routes import list_routes

router = route_group()


@router.get("/api/webhooks", summary="List webhooks", tags=["Webhooks"])
def list_webhooks(limit: Limit = 20, cursor: Cursor = None) -> Response[WebhookList]:
    """Lists the webhooks of activated workflows by path; those of paused ones answer 503."""
    listing = list_routes(request_of(router.context).services.store, limit, cursor)
    items = [
        Webhook(
            method=route.method,
            url=f"/webhooks/{route.path}",
            workflow=route.workflow,
            trigger=route.trigger,
            version=route.version,
            status=route.status,
        )
        for route in listing.elements
    ]
    return reply(WebhookList(items=items, cursor=listing.cursor))
