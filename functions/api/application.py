"""The REST API as one resolver: its routes, and what happens when one of them fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from functions.api import activation, admission, definitions, run_control, runs, triggers, webhooks
from functions.api.openapi import openapi_router
from functions.api.reply import reply_problem
from functions.api.services import Request, Services
from layers.runtime.answers import Answer, problem_answer
from layers.runtime.errors import Problem, RequestError, RuntimeProblemError, unexpected
from layers.runtime.observability import logger
from layers.runtime.principal import principal_of


@cache
def application() -> APIGatewayHttpResolver:
    """The resolver; it holds no state beyond one request."""
    resolver = APIGatewayHttpResolver(enable_validation=True)
    groups = (definitions, activation, admission, triggers, runs, run_control, webhooks)
    for router in (group.router for group in groups):
        resolver.include_router(router)
    resolver.include_router(openapi_router(application))
    resolver.exception_handler(RuntimeProblemError)(_refused)
    resolver.exception_handler(RequestValidationError)(_misfit)
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
    places = [
        {
            "code": problem["type"],
            "severity": "error",
            "message": f"'{problem['loc'][-1]}': {problem['msg']}",
            "hint": "see /api/openapi.json",
            "line": 0,
            "column": 0,
            "pointer": "/".join(str(part) for part in problem["loc"]),
        }
        for problem in error.errors()
    ]
    detail = "; ".join(str(place["message"]) for place in places)
    return reply_problem(
        Problem(
            422,
            "invalid_request",
            "Invalid request",
            f"A parameter does not fit: {detail}.",
            "See GET /api/openapi.json for what each route takes.",
            places,
        )
    )


def _failed(error: Exception) -> Response[str]:
    logger().exception("failed")
    return reply_problem(unexpected(error))


def _no_such_route(error: NotFoundError) -> Response[str]:
    del error
    return reply_problem(
        Problem(
            404,
            "route_not_found",
            "Route not found",
            "The REST API has no such path, or not with this method.",
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
