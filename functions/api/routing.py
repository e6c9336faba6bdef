"""A group of routes of the REST API."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter


def route_group() -> APIGatewayHttpRouter:
    """An empty group, for a module to put its routes into."""
    return APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
