"""What the Lambda authorizer's answer means: simple responses and IAM policies.

Source: "Control access to HTTP APIs with AWS Lambda authorizers" in the API Gateway developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from infra.local.functions.invocation import Outcome
from translator.json_value import JsonValue


class AuthorizerFailedError(Exception):
    """The authorizer failed or answered something that is no decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the caller may, and what the function is told about the caller."""

    allowed: bool
    context: Mapping[str, JsonValue]


def decision_of(outcome: Outcome, route_arn: str) -> Decision:
    """The decision in an authorizer's answer. Raises AuthorizerFailedError."""
    if outcome.function_error is not None:
        raise AuthorizerFailedError
    answer = _object(json.loads(outcome.payload))
    if answer is None:
        raise AuthorizerFailedError
    context = _object(answer.get("context")) or {}
    allowed = answer.get("isAuthorized")
    if isinstance(allowed, bool):
        return Decision(allowed, context)
    policy = _object(answer.get("policyDocument"))
    if policy is None:
        raise AuthorizerFailedError
    return Decision(_allows(policy, route_arn), context)


def _allows(policy: Mapping[str, JsonValue], arn: str) -> bool:
    effects = {
        statement.get("Effect")
        for statement in map(_object, _listed(policy.get("Statement")))
        if statement is not None
        and any(fnmatchcase(arn, str(pattern)) for pattern in _listed(statement.get("Resource")))
    }
    return "Allow" in effects and "Deny" not in effects


def _object(value: JsonValue) -> Mapping[str, JsonValue] | None:
    return value if isinstance(value, Mapping) else None


def _listed(value: JsonValue) -> Iterable[JsonValue]:
    return value if isinstance(value, list) else [value]
