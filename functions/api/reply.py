"""Turns answers and problems into the resolver's responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from layers.runtime.answers import PROBLEM_TYPE
from layers.runtime.errors import Problem
from layers.runtime.json_value import write_json

Body = TypeVar("Body", bound=BaseModel)


def reply(body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[Body]:
    """A JSON answer."""
    return Response(
        status_code=status, content_type="application/json", body=body, headers=dict(headers or {})
    )


def reply_problem(problem: Problem) -> Response[str]:
    """A problem, as RFC 9457 wants it sent."""
    return Response(
        status_code=problem.status,
        content_type=PROBLEM_TYPE,
        body=write_json(problem.to_json()),
        headers=dict(problem.headers),
    )
