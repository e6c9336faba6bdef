"""The OpenAPI document: generated from the routes, with what they read and refuse by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.answers import ProblemBody
from functions.api.control_bodies import NodeTest, Resume, Retry, RunFrom, Settings, Skip
from functions.api.routing import route_group

_DEFINITION: Final[Mapping[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "application/yaml": {"schema": {"type": "string"}},
    },
}
_EXECUTION: Final[Mapping[str, Any]] = {
    "required": False,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"body": {}, "trigger": {"type": "string"}},
            }
        }
    },
}
BODIES: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("/api/workflows", "post"): _DEFINITION,
    ("/api/workflows/{workflow}", "put"): _DEFINITION,
    ("/api/workflows/{workflow}/execute", "post"): _EXECUTION,
    **{
        (f"/api/executions/{{run}}/{path}", "post"): {
            "required": path not in ("retry", "resume"),
            "content": {"application/json": {"schema": model.model_json_schema()}},
        }
        for path, model in (("retry", Retry), ("resume", Resume), ("run-from", RunFrom), ("skip", Skip))
    },
    ("/api/workflows/{workflow}/nodes/{node}/test", "post"): {
        "required": False,
        "content": {"application/json": {"schema": NodeTest.model_json_schema()}},
    },
    ("/api/settings", "put"): {
        "required": True,
        "content": {"application/json": {"schema": Settings.model_json_schema()}},
    },
    ("/api/executions/{run}/variables", "patch"): {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "minProperties": 1}}},
    },
}
"""Bodies that the routes read themselves, since YAML is allowed and mistakes must be problems."""

STATUSES: Final[Mapping[tuple[str, str], str]] = {
    ("/api/workflows", "post"): "201",
    ("/api/workflows/{workflow}", "delete"): "204",
    ("/api/workflows/{workflow}/execute", "post"): "202",
    **{
        (f"/api/executions/{{run}}/{path}", "post"): "202"
        for path in ("cancel", "pause", "resume", "retry", "run-from", "skip")
    },
}
"""Where success is not 200."""

_PROBLEM: Final[Mapping[str, Any]] = {
    "description": "A problem: what is wrong and what to do (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
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


def document(application: APIGatewayHttpResolver) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all routes."""
    generated = application.get_openapi_json_schema(
        title="Steploom", version="1", description="Workflow definitions, their activation and their runs."
    )
    described: dict[str, Any] = json.loads(generated)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _complete(operation, (path, method))
    schemas = described["components"]["schemas"]
    for name in _GENERATED_ERRORS:
        schemas.pop(name, None)
    schemas["Problem"] = ProblemBody.model_json_schema()
    described["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    described["security"] = [{"bearer": []}]
    return described


def _complete(operation: dict[str, Any], place: tuple[str, str]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    if place in STATUSES:
        responses[STATUSES[place]] = responses.pop("200")
    if STATUSES.get(place) == "204":
        responses["204"] = {"description": "Deleted"}
    responses["default"] = dict(_PROBLEM)
    if place in BODIES:
        operation["requestBody"] = dict(BODIES[place])
