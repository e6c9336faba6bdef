"""The REST API as one resolver: its routes, and what happens when one of them fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestValidationError,
    ResponseValidationError,
)

from functions.api import (
    activation,
    admission,
    bulk_starts,
    definitions,
    events,
    node_tests,
    oversight,
    project_settings,
    run_control,
    run_list,
    runs,
    templates,
    trigger_test,
    triggers,
    versions,
    webhooks,
)
from functions.api.methods import method_not_allowed, methods_of
from functions.api.misfits import misfit
from functions.api.openapi import document, openapi_router
from functions.api.reply import reply_problem
from functions.api.services import Request, Services
from functions.api.workflow_heads import NotModifiedError
from layers.runtime.answers import Answer, problem_answer
from layers.runtime.errors import Problem, RequestError, RuntimeProblemError, unexpected
from layers.runtime.observability import logger
from layers.runtime.principal import principal_of

_GROUPS: Final = (
    definitions,
    activation,
    versions,
    oversight,
    run_list,
    runs,
    run_control,
    admission,
    node_tests,
    bulk_starts,
    templates,
    triggers,
    trigger_test,
    events,
    webhooks,
    project_settings,
)


@cache
def application() -> APIGatewayHttpResolver:
    """The resolver; it holds no state beyond one request."""
    resolver = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
    for group in _GROUPS:
        resolver.include_router(group.router)
    resolver.include_router(openapi_router(application))
    resolver.exception_handler(RuntimeProblemError)(_refused)
    resolver.exception_handler(RequestValidationError)(_misfit)
    resolver.exception_handler(ResponseValidationError)(_failed)
    resolver.exception_handler(NotModifiedError)(_not_modified)
    resolver.exception_handler(Exception)(_failed)
    resolver.not_found(_no_such_route)
    return resolver


def respond(event: Mapping[str, Any], context: object, open_services: Callable[[], Services]) -> Answer:
    """Answers an HTTP API request (payload 2.0); whatever goes wrong is answered with a problem."""
    try:
        principal = principal_of(event)
        services = open_services()
        if principal.project != services.store.project:
            raise _other_project(principal.project)
    except RuntimeProblemError as error:
        return problem_answer(error.problem)
    resolver = application()
    resolver.append_context(request=Request(principal, services))  # type: ignore[no-untyped-call]
    answer: Answer = resolver.resolve(dict(event), context)  # type: ignore[arg-type]
    return answer


def _refused(error: RuntimeProblemError) -> Response[str]:
    logger().warning("refused", extra={"code": error.problem.code, "detail": error.problem.detail})
    return reply_problem(error.problem)


def _misfit(error: RequestValidationError) -> Response[str]:
    return reply_problem(misfit(error.errors()))


def _not_modified(error: NotModifiedError) -> Response[None]:
    return Response(status_code=304, body=None, headers={"etag": error.tag})


def _failed(error: Exception) -> Response[str]:
    logger().exception("failed")
    return reply_problem(unexpected(error))


def _no_such_route(error: NotFoundError) -> Response[str]:
    del error
    event = application().current_event
    allowed = methods_of(document(application())["paths"], event.path)
    if allowed:
        return reply_problem(method_not_allowed(event.http_method, event.path, allowed))
    return reply_problem(
        Problem(
            404,
            "route_not_found",
            "Route not found",
            "The REST API has no such path.",
            "See GET /api/openapi.json.",
        )
    )


def _other_project(project: str) -> RequestError:
    return RequestError(
        Problem(
            403,
            "other_project",
            "Other project",
            f"The principal belongs to project '{project}', not to this deployment's.",
            "Use a token of this deployment.",
        )
    )
