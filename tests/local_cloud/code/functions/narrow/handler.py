"""The function `echo` under another name, with a concurrency of its own."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    return import_module("functions.echo.handler").handler(event, context)
