"""Answers of functions behind the HTTP API (payload 2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.runtime.errors import Problem
from layers.runtime.json_value import JsonValue, write_json

PROBLEM_TYPE = "application/problem+json"

Answer = dict[str, Any]
"""`statusCode`, `headers`, `body`: what API Gateway turns into the response."""


def json_answer(
    status: int,
    body: JsonValue,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Answer:
    """An answer with a JSON body."""
    return {
        "statusCode": status,
        "headers": {"content-type": content_type, **(headers or {})},
        "body": write_json(body),
        "isBase64Encoded": False,
    }


def problem_answer(problem: Problem) -> Answer:
    """A problem as RFC 9457 wants it sent."""
    return json_answer(problem.status, problem.to_json(), problem.headers, PROBLEM_TYPE)
