"""The request that an HTTP Task sends (developer guide: Call HTTPS APIs in Step Functions workflows)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

from infra.local.states.http_connection import Additions
from translator.interpreter.payload import encode
from translator.json_value import JsonValue

_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
_JSON: Final = "application/json; charset=UTF-8"
_FORBIDDEN: Final = frozenset(
    {
        *("a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control"),
        *("connection", "content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host"),
        *("http2-settings", "if-match", "if-modified-since", "if-none-match", "if-range"),
        *("if-unmodified-since", "max-forwards", "origin", "pragma", "proxy-authorization", "referer"),
        *("server", "te", "trailer", "transfer-encoding", "upgrade", "via", "warning"),
    }
)
_FORBIDDEN_STARTS: Final = ("x-forwarded-", "x-amz-", "x-amzn-")
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_ARRAYS: Final = MappingProxyType({"INDICES": "{}[{}]", "REPEAT": "{}", "BRACKETS": "{}[]", "COMMAS": ""})


class UnfitRequest(ValueError):  # noqa: N818 (the task fails with States.Runtime)
    """The parameters of an HTTP Task make no request; the message is the failure's cause."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What goes over the wire; `content` is None where there is no body."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: str | None


def connection_arn(given: Mapping[str, JsonValue]) -> str:
    """The connection that the parameters name. Raises UnfitRequest."""
    for name in ("Authentication", "InvocationConfig"):
        part = given.get(name)
        if isinstance(part, Mapping) and isinstance(part.get("ConnectionArn"), str):
            return str(part["ConnectionArn"])
    raise UnfitRequest("An HTTP Task needs the 'ConnectionArn' of an EventBridge connection.")


def build_request(given: Mapping[str, JsonValue], added: Additions, region: str) -> HttpRequest:
    """The parameters with what the connection adds, which wins. Raises UnfitRequest."""
    method = str(given.get("Method", ""))
    if method not in _METHODS:
        raise UnfitRequest(f"The 'Method' must be one of {', '.join(_METHODS)}, but was '{method}'.")
    headers = _headers(given.get("Headers"), added)
    content = _content(given, added)
    if content is not None and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = _JSON
    own = {"User-Agent": f"Amazon|StepFunctions|HttpInvoke|{region}", "Range": "bytes=0-262144"}
    return HttpRequest(method, _url(given, added), {**headers, **own}, content)


def _url(given: Mapping[str, JsonValue], added: Additions) -> str:
    endpoint = str(given.get("ApiEndpoint", ""))
    parts = urlsplit(endpoint)
    # The service calls HTTPS only; what runs on this machine rarely has a certificate.
    plain = parts.scheme == "http" and parts.hostname in _LOCAL
    if parts.hostname is None or (parts.scheme != "https" and not plain):
        raise UnfitRequest(f"The 'ApiEndpoint' must be an HTTPS address, but was '{endpoint}'.")
    query = _query(given.get("QueryParameters"), added)
    return endpoint if not query else f"{endpoint}{'&' if parts.query else '?'}{query}"


def _query(given: JsonValue, added: Additions) -> str:
    if isinstance(given, str) and not added.query:
        return quote(given, safe="=&%")
    pairs = {} if given is None else given
    if not isinstance(pairs, Mapping):
        raise UnfitRequest("The 'QueryParameters' must be an object.")
    return _form({**pairs, **added.query}, "REPEAT")


def _headers(given: JsonValue, added: Additions) -> dict[str, str]:
    named = {} if given is None else given
    if not isinstance(named, Mapping):
        raise UnfitRequest("The 'Headers' must be an object.")
    for name in named:
        if name.lower() in _FORBIDDEN or name.lower().startswith(_FORBIDDEN_STARTS):
            raise UnfitRequest(f"An HTTP Task cannot have the header '{name}'.")
    taken = {name.lower() for name in added.headers}
    own = {name: ", ".join(_texts(value)) for name, value in named.items() if name.lower() not in taken}
    return {**own, **added.headers}


def _texts(value: JsonValue) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else encode(item) for item in items]


def _content(given: Mapping[str, JsonValue], added: Additions) -> str | None:
    body = given.get("RequestBody")
    if added.body:
        if body is not None and not isinstance(body, Mapping):
            raise UnfitRequest("Only an object can be merged with the connection's body parameters.")
        body = {**(body or {}), **added.body}
    transform = given.get("Transform")
    options = transform if isinstance(transform, Mapping) else {}
    if body is None or options.get("RequestBodyEncoding", "NONE") != "URL_ENCODED":
        return body if body is None or isinstance(body, str) else encode(body)
    if not isinstance(body, Mapping):
        raise UnfitRequest("Only an object can be URL-encoded.")
    encoding = options.get("RequestEncodingOptions")
    array_format = str(encoding.get("ArrayFormat", "INDICES")) if isinstance(encoding, Mapping) else "INDICES"
    if array_format not in _ARRAYS:
        raise UnfitRequest(f"The 'ArrayFormat' must be one of {', '.join(_ARRAYS)}.")
    return _form(body, array_format)


def _form(fields: Mapping[str, JsonValue], array_format: str) -> str:
    pairs = (pair for name, value in fields.items() for pair in _flat(name, value, array_format))
    return "&".join(f"{quote(name, safe='')}={quote(value, safe=',')}" for name, value in pairs)


def _flat(name: str, value: JsonValue, array_format: str) -> Iterator[tuple[str, str]]:
    """The pairs of a field: those of an object are named `name[key]`, those of an array by its format."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}[{key}]", inner, array_format)
    elif isinstance(value, list) and array_format == "COMMAS":
        yield name, ",".join(_texts(value))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(_ARRAYS[array_format].format(name, index), inner, array_format)
    else:
        yield name, _texts(value)[0]
