"""Bodies that routes read themselves: declared beside the route, and shown so in the OpenAPI document.

Not by powertools' own parameters: YAML is allowed, an empty body often is, and a mistake must be a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

BODY: Final = "x-body"
"""The OpenAPI extension that carries a body until the document is completed."""


class SentModel(BaseModel):
    """What a body may hold: nothing beside its fields."""

    model_config = {"extra": "forbid", "frozen": True}


def takes(model: type[BaseModel], *, required: bool = False) -> dict[str, Any]:
    """The `openapi_extensions` of a route that reads its body by `functions.api.sent.sent_model`."""
    return takes_content({"application/json": {"schema": schema_of(model)}}, required=required)


def takes_content(content: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """The same for any content, by media type."""
    return {BODY: {"required": required, "content": dict(content)}}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema, its parts under `$defs` for the document to lift out."""
    return model.model_json_schema(ref_template="#/components/schemas/{model}")


DEFINITION: Final = takes_content(
    {
        "application/json": {"schema": {"type": "object"}},
        "application/yaml": {"schema": {"type": "string"}},
    }
)
"""The body of a route that reads a definition."""
