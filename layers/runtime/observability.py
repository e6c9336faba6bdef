"""Structured logs, one JSON object per line."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The function's logger; its service name is POWERTOOLS_SERVICE_NAME, its level POWERTOOLS_LOG_LEVEL."""
    return Logger()
