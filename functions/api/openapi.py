"""The OpenAPI document: generated from the routes, with their bodies and problems."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.answers import ProblemBody
from functions.api.bodies import BODY
from functions.api.routing import route_group

_PROBLEM: Final[Mapping[str, Any]] = {
    "description": "A problem: what is wrong and what to do (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_GENERATED_STATUSES: Final = ("422", "500")
_GENERATED_ERRORS: Final = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


def openapi_router(application: Callable[[], APIGatewayHttpResolver]) -> APIGatewayHttpRouter:
    """The route that serves the document of an application."""
    router = route_group()

    @router.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> Response[str]:
        return Response(
            status_code=200, content_type="application/json", body=json.dumps(document(application()))
        )

    return router


@cache
def document(application: APIGatewayHttpResolver) -> Mapping[str, Any]:
    """The OpenAPI 3.1 document of all routes; they are all there when the application is."""
    generated = application.get_openapi_json_schema(
        title="Steploom",
        version="1",
        openapi_version="3.1.0",
        description="Workflow definitions, their activation and their runs.",
    )
    described: dict[str, Any] = json.loads(generated)
    schemas = described["components"]["schemas"]
    for operations in described["paths"].values():
        for operation in operations.values():
            _complete(operation, schemas)
    for name in _GENERATED_ERRORS:
        schemas.pop(name, None)
    schemas["Problem"] = ProblemBody.model_json_schema()
    described["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"bearer": []}]
    return described


def _complete(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status in _GENERATED_STATUSES:
        responses.pop(status, None)
    if "204" in responses:
        responses["204"] = {"description": "Done"}
    responses["default"] = dict(_PROBLEM)
    body = operation.pop(BODY, None)
    if body is None:
        return
    for content in body["content"].values():
        schemas.update(content["schema"].pop("$defs", {}))
    operation["requestBody"] = body
