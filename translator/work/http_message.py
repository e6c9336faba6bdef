"""An HTTP request and an HTTP answer, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; `repeatable` says whether it may be sent again when nobody knows if it arrived."""

    method: str
    url: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    content: str | Sequence[tuple[str, str]] | None
    follow_redirects: bool
    max_response_bytes: int
    repeatable: bool

    def __str__(self) -> str:
        # Without the query and what stands before the host: both may hold secrets, and this is recorded.
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{self.method} {parts.scheme}://{parts.hostname}{port}{parts.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty if none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """The content as text, by the charset that the answer declares, else UTF-8."""
        try:
            return self.content.decode(self._charset(), errors="replace")
        except LookupError:
            return self.content.decode(errors="replace")

    def _charset(self) -> str:
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip('"')
        return "utf-8"
