"""An authorizer that knows one token."""

from __future__ import annotations

import os
from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    (given,) = event["identitySource"]
    if given == "policy":
        statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["routeArn"]}
        return {"principalId": "p", "policyDocument": {"Statement": [statement]}, "context": {"by": "policy"}}
    if given == "broken":
        raise ValueError("no")
    return {
        "isAuthorized": given == f"Bearer {os.environ['TOKEN']}",
        "context": {"principal": "developer"},
    }
