"""Which service and operation a request to the AWS endpoint is for, in any of AWS's protocols."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from werkzeug.wrappers import Request

_CREDENTIAL: Final = re.compile(r"Credential=[^/]+/\d+/[^/]*/(?P<service>[^/]+)/aws4_request")
_READING: Final = (
    "Get",
    "List",
    "Describe",
    "Query",
    "Scan",
    "BatchGet",
    "TransactGet",
    "Filter",
    "Simulate",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """`service` is the signing name, empty for an unsigned request; `name` is empty for REST services."""

    service: str
    name: str
    method: str

    @property
    def only_reads(self) -> bool:
        """Whether it surely changes nothing."""
        if self.name:
            return self.name.startswith(_READING)
        return self.method in {"GET", "HEAD", "OPTIONS"}


def operation_of(request: Request) -> Operation:
    """The operation of a request, by its signature's scope and its target header or form."""
    scope = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    return Operation(scope["service"] if scope else "", _name(request), request.method)


def _name(request: Request) -> str:
    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    if request.mimetype == "application/x-www-form-urlencoded":
        form = parse_qs(request.get_data().decode("utf-8", "replace"))
        return form.get("Action", [""])[0]
    return ""
