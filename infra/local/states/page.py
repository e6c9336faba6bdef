"""One page of a listing, with the token that asks for the next."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError

_T = TypeVar("_T")


def page(name: str, items: Sequence[_T], parameters: Parameters) -> dict[str, Any]:
    """`{name: [...], "nextToken": …}` by `maxResults` (100, at most 1,000) and `nextToken`.

    Raises ServiceError InvalidToken for a token that is not ours, or of a listing of something else.
    """
    limit = parameters.number("maxResults", 100, 1000)
    question = f"{name}-{parameters.digest(without=('nextToken', 'maxResults'))}"
    offset = _offset(parameters.text("nextToken"), question)
    answer: dict[str, Any] = {name: list(items[offset : offset + limit])}
    if offset + limit < len(items):
        answer["nextToken"] = base64.urlsafe_b64encode(f"{question}:{offset + limit}".encode()).decode()
    return answer


def _offset(token: str, question: str) -> int:
    if not token:
        return 0
    try:
        asked, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
        if asked == question:
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise ServiceError("InvalidToken", f"Invalid Token: '{token}'")
