"""Which methods a path of the REST API takes, for those that come with another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from layers.runtime.errors import Problem


def methods_of(paths: Mapping[str, Mapping[str, Any]], path: str) -> tuple[str, ...]:
    """The methods of those of an OpenAPI document's `paths` that a path fits."""
    found = {
        method.upper() for template, methods in paths.items() if _fits(template, path) for method in methods
    }
    return tuple(sorted(found))


def _fits(template: str, path: str) -> bool:
    pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", template))
    return re.fullmatch(pattern, path) is not None


def method_not_allowed(method: str, path: str, allowed: tuple[str, ...]) -> Problem:
    """405, with the methods that are."""
    named = ", ".join(allowed)
    return Problem(
        405,
        "method_not_allowed",
        "Method not allowed",
        f"'{path}' does not take {method}.",
        f"It takes {named}.",
        headers={"allow": named},
    )
