"""The Lambda entry of the authorizer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from functions.authorizer.decision import decide
from layers.runtime.json_value import JsonValue
from layers.runtime.settings import Settings


def handler(event: Mapping[str, Any], context: object) -> dict[str, JsonValue]:
    """Answers an HTTP API authorizer request (payload 2.0, simple responses)."""
    del context
    return decide(event, Settings.from_environment(os.environ))
