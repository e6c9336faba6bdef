"""The parameters that several routes share."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

WorkflowId = Annotated[str, Path(description="The workflow's id.")]
NodeId = Annotated[str, Path(description="The node's id.")]
RunId = Annotated[str, Path(description="The run's id.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(description="The `cursor` of the page before.")]
IfMatch = Annotated[
    str | None, Header(alias="if-match", description="The ETag that was read; `*` for whatever is there.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=1,
        max_length=255,
        description="Repeating a request with the same key does nothing new and answers as before.",
    ),
]
