"""respond: answers the sender of the webhook that waits for the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from translator.error_classes import Validation
from translator.json_value import JsonObject, JsonValue
from translator.node_type import (
    Effect,
    Expression,
    Invoking,
    NodeType,
    Parameters,
    RunContext,
    Template,
    checked,
)

LARGEST_ANSWER_BYTES: Final = 300_000
"""An answer is kept in an item of the table until the webhook reads it (AWS: DynamoDB quotas, 400 KB)."""

HeaderName = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100)]


def _field_value(value: str) -> str:
    if "\r" in value or "\n" in value:
        raise ValueError("a header cannot hold a line break")
    return value


class AlreadyResponded(Validation):
    """Another node of the run has answered."""


class RespondParameters(Parameters):
    """The answer."""

    status: Annotated[int, Field(ge=200, le=599)] | Expression = 200
    headers: dict[HeaderName, Annotated[str, AfterValidator(_field_value)]] | Expression = Field(
        default_factory=dict
    )
    body: Template = None
    """Sent as JSON; a text as it is if `headers` has a `content-type` that is not JSON; null: no body."""


class Respond(NodeType):
    """Answers the sender of the webhook that has started the run, and goes on.

    The trigger must say `answer: respond`; the webhook then waits up to 25 seconds for this node, and answers
    202 with the run's address after that. One node of a run answers: another, or the same in a further
    iteration, fails with AlreadyResponded. A node that is tried again gives the same answer. If the run ends
    first, its output is the answer, or a problem that names its error. Where nobody waits it does nothing.
    The output is the answer: `{"status": 200, "headers": {…}, "body": …}`.
    """

    name: ClassVar[str] = "respond"
    summary: ClassVar[str] = "Answer the webhook that waits"
    example: ClassVar[str] = """\
id: reply
type: respond
name: Tell the shop its order number
parameters:
  status: 201
  headers: {location: "{% '/orders/' & $order.id %}"}
  body: {order: "{% $order.id %}"}
"""
    Parameters: ClassVar[type[Parameters]] = RespondParameters

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """The first answer stays, so that repeating it changes nothing."""
        del parameters
        return "idempotent"

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """The answer."""
        del parameters
        return {
            "type": "object",
            "properties": {"status": {"type": "integer"}, "headers": {"type": "object"}, "body": {}},
            "required": ["status", "headers", "body"],
            "additionalProperties": False,
        }

    def lower(self, parameters: Mapping[str, Any]) -> Invoking:
        """A Task."""
        return Invoking(parameters=dict(parameters))

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        """Hands the answer to whoever waits."""
        given = checked(RespondParameters, parameters)
        for name, value in (("status", given.status), ("headers", given.headers)):
            if isinstance(value, str):
                raise Validation(f'parameter "{name}": got the text {value[:80]!r}')
        answer: JsonObject = {"status": given.status, "headers": given.headers, "body": given.body}
        size = len(json.dumps(answer, ensure_ascii=False).encode())
        if size > LARGEST_ANSWER_BYTES:
            raise Validation(
                f"the answer has {size:,} bytes, and {LARGEST_ANSWER_BYTES:,} may be sent: send a link"
            )
        if not context.respond(answer):
            raise AlreadyResponded("another node has answered already: let only one of a run respond")
        return answer


NODE_TYPE = Respond()
