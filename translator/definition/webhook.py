"""The webhook trigger: its address, how its senders prove themselves, and how they are answered."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, StringConstraints, Tag

from translator.definition.base import DefinitionModel, Identifier, form_of

HeaderName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100)
]
SecretName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_+=.@-]+$", max_length=200)]
SecretNames: TypeAlias = Annotated[
    Annotated[SecretName, Tag("<text>")]
    | Annotated[tuple[SecretName, ...], Field(min_length=1, max_length=5), Tag("<list>")],
    Discriminator(form_of),
]
"""The name of one secret, or of several that all hold, while one replaces the other."""


class VerifySettings(DefinitionModel):
    """How a webhook's sender proves itself."""

    preset: Literal[
        "none",
        "github",
        "stripe",
        "slack",
        "standard_webhooks",
        "hmac",
        "header",
        "basic",
        "bearer",
        "api_key",
    ] = "none"
    secret: SecretNames | None = None
    header: HeaderName | None = None
    """Where the proof stands, if not where the preset has it."""
    parameter: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """Of `api_key`: the query parameter that holds the key, instead of a header."""
    algorithm: Literal["sha1", "sha256", "sha384", "sha512"] | None = None
    """Of `hmac`: the hash, `sha256` by default."""
    encoding: Literal["hex", "base64"] | None = None
    """Of `hmac`: how the signature is written, `hex` by default."""
    prefix: Annotated[str, StringConstraints(max_length=50)] | None = None
    """Of `hmac`: what stands before each signature."""
    template: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Of `hmac`: what is signed, `{body}` by default; also `{timestamp}`, `{id}`, `{method}` and `{path}`."""
    timestamp_header: HeaderName | None = None
    """Of `hmac`: the header with the time of sending, in epoch seconds."""
    id_header: HeaderName | None = None
    """Of `hmac`: the header with the delivery's id."""
    tolerance_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    """How far a signed time may lie from now."""
    replays: Literal["refuse"] | None = None
    """`refuse`: what was signed starts one run, whatever id comes with it that is not signed (GitHub's)."""


class Handshake(DefinitionModel):
    """How a sender asks, before its first webhook, whether the address is meant to take them."""

    preset: Literal["meta", "echo", "crc"]
    """`meta`: GET with a token; `echo`: any request with the parameter; `crc`: it is to be signed."""
    secret: SecretNames | None = None
    parameter: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """The query parameter of the challenge, if not the preset's own."""


class DeliveryId(DefinitionModel):
    """What names a delivery: exactly one of `header` and `field`."""

    header: HeaderName | None = None
    field: Annotated[str, StringConstraints(pattern=r"^[^.]+([.][^.]+)*$", max_length=200)] | None = None
    """Of a JSON or form body: names of fields with dots between them."""


class RateLimit(DefinitionModel):
    """So many requests at once, and as many again in so many seconds."""

    requests: Annotated[int, Field(ge=1, le=100_000)]
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 60
    per: Literal["trigger", "sender"] = "trigger"
    """A sender is an address, of IPv6 its /64 network."""


class WebhookTrigger(DefinitionModel):
    """Fires on an HTTPS request to `/webhooks/{path}`."""

    id: Identifier
    type: Literal["webhook"]
    entry: Identifier | None = None
    path: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+)*$", max_length=200)]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    content_type: str | None = None
    """The declared media type: with `application/json` a body that is not JSON is answered 400."""
    max_body_bytes: Annotated[int, Field(ge=0, le=6_000_000)] = 200_000
    verify: VerifySettings = VerifySettings()
    handshake: Handshake | None = None
    idempotency: DeliveryId | None = None
    """What is the same when a delivery is sent again; by default what the preset's vendor sends."""
    allow: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)] | None = None
    """The networks (CIDR, IPv4 and IPv6) from which requests are taken; by default all."""
    rate_limits: Annotated[tuple[RateLimit, ...], Field(min_length=1, max_length=4)] | None = None
    """What is sent faster is answered 429; requests that do not prove their sender do not count."""
    answer: Literal["accepted", "result", "respond"] = "accepted"
    """`accepted`: 202 with the run's id, at once; `result`: the output; `respond`: as a node of the run says.

    The last two wait for 25 seconds, and are 202 after that.
    """
