"""One HTTP request and its answer, within a deadline and a size, failures as classes of error."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3

from translator.error_classes import Network, NodeError, OutcomeUnknown, Timeout, Validation
from translator.work.http_message import Answer, Request

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def exchange(request: Request, deadline: float) -> Answer:
    """Sends the request; `deadline` is on the monotonic clock.

    Raises Network and Timeout; Validation for an address that is none, a circle of redirects or too
    large an answer; OutcomeUnknown where a request that is not `repeatable` may have arrived.
    """
    seconds = max(deadline - time.monotonic(), 0.001)
    try:
        with _session(request) as session, _open(session, request, seconds) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, _read(response, request, deadline))
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _failure(request, error, seconds) from error


def _session(request: Request) -> requests.Session:
    session = requests.Session()
    # A machine's .netrc is nothing that a workflow asked for.
    session.auth = lambda prepared: prepared
    # A proxy cannot know what this machine means by its own address.
    session.trust_env = urlsplit(request.url).hostname not in _LOOPBACK
    return session


def _open(session: requests.Session, request: Request, seconds: float) -> requests.Response:
    content = request.content
    return session.request(
        request.method,
        request.url,
        params=list(request.query),
        headers=dict(request.headers),
        data=content.encode() if isinstance(content, str) else list(content or ()),
        timeout=seconds,
        stream=True,
        allow_redirects=request.follow_redirects,
    )


def _read(response: requests.Response, request: Request, deadline: float) -> bytes:
    content = bytearray()
    # One receive at a time: a server that trickles would otherwise hold the node for ever.
    while chunk := response.raw.read1(65_536, decode_content=True):
        content += chunk
        if len(content) > request.max_response_bytes:
            raise Validation(f"{request} answered more than {request.max_response_bytes} bytes")
        if time.monotonic() > deadline:
            raise _unless_repeatable(request, Timeout, "was still answering when the node's time was up")
    return bytes(content)


def _failure(request: Request, error: Exception, seconds: float) -> NodeError:
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Validation(f"{request}: {error}")
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return Validation(f"{request} redirects in a circle")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Timeout(f"{request} took no connection within {seconds:.1f} s")
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return _unless_repeatable(request, Timeout, f"gave no answer within {seconds:.1f} s")
    if _never_connected(error):
        return Network(f"{request} could not be reached: {_reason(error)}")
    return _unless_repeatable(request, Network, f"broke the connection: {_reason(error)}")


def _unless_repeatable(request: Request, kind: type[NodeError], what: str) -> NodeError:
    if request.repeatable:
        return kind(f"{request} {what}")
    return OutcomeUnknown(
        f"{request} {what}: it may have acted, and no idempotency header makes a repeat safe"
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = getattr(error, "reason", None) or error.__cause__ or error.__context__
        error = error if isinstance(error, BaseException) else None
    return chain


def _never_connected(error: Exception) -> bool:
    refusals = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.NameResolutionError,
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
    )
    causes = [argument for argument in error.args if isinstance(argument, BaseException)]
    return any(isinstance(one, refusals) for start in (error, *causes) for one in _chain(start))


def _reason(error: Exception) -> str:
    causes = [argument for argument in error.args if isinstance(argument, BaseException)]
    deepest = _chain(causes[0] if causes else error)[-1]
    return getattr(deepest, "strerror", None) or str(deepest)
