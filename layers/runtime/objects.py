"""The runs' large values as objects: in the deployment's bucket, or in memory where a run has none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Protocol

from layers.runtime.json_value import JsonValue, read_json
from layers.runtime.settings import Settings

_DIGEST: Final = 16


class ObjectsError(Exception):
    """The object store did not do what it was asked; the message says what and why."""


class Objects(Protocol):
    """Where whole values are kept, as JSON text by key."""

    def put(self, key: str, text: str) -> None:
        """Keeps a text; raises ObjectsError."""

    def get(self, key: str) -> str:
        """The text under a key; raises ObjectsError, also if there is none."""


def object_key(project: str, piece: str, text: str) -> str:
    """The key of a value that a piece of work gave: `{project}/runs/{root run}/{node…}-{digest}.json`.

    With the value's digest a repeated attempt never changes what an earlier one has referred to.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
    return f"{runs_prefix(project)}{piece}-{digest}.json"


def runs_prefix(project: str) -> str:
    """What the keys of a project's objects begin with."""
    return f"{project}/runs/"


@dataclass(slots=True)
class MemoryObjects:
    """Objects of one process, for runs without a bucket."""

    texts: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, text: str) -> None:
        """Keeps a text."""
        self.texts[key] = text

    def get(self, key: str) -> str:
        """The text under a key."""
        if key not in self.texts:
            raise ObjectsError(f'there is no object "{key}"')
        return self.texts[key]


@dataclass(frozen=True, slots=True)
class BucketObjects:
    """Objects in an S3 bucket; `open_client` is called when the first one is needed."""

    bucket: str
    open_client: Callable[[], Any]

    def put(self, key: str, text: str) -> None:
        """Keeps a text."""
        self._call(
            "put_object",
            key,
            lambda s3: s3.put_object(
                Bucket=self.bucket, Key=key, Body=text.encode(), ContentType="application/json"
            ),
        )

    def get(self, key: str) -> str:
        """The text under a key."""
        body: bytes = self._call(
            "get_object", key, lambda s3: s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        )
        return body.decode()

    def _call(self, operation: str, key: str, call: Callable[[Any], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (170 ms, for large values only)

        try:
            return call(self.open_client())
        except (BotoCoreError, ClientError) as error:
            raise ObjectsError(f'{operation} of "{key}" failed: {error}') from error


@dataclass(slots=True)
class Loading:
    """Reads objects once each, for one invocation, and only those whose keys begin with `prefix`.

    Data from outside cannot hold a reference; that no key leads out of the project holds all the same.
    """

    objects: Objects
    prefix: str
    _known: dict[str, JsonValue] = field(default_factory=dict)

    def __call__(self, key: str) -> JsonValue:
        """The value under a key; raises ObjectsError."""
        if key not in self._known:
            if not key.startswith(self.prefix):
                raise ObjectsError(f'the object "{key}" is none of this project\'s runs')
            self._known[key] = read_json(self.objects.get(key))
        return self._known[key]


def open_objects(settings: Settings) -> Objects:
    """The objects of the deployment; of this process where there is no bucket."""
    return MemoryObjects() if settings.bucket is None else BucketObjects(settings.bucket, _client)


@cache
def _client() -> Any:
    import boto3  # noqa: PLC0415 (170 ms, for large values only)

    return boto3.client("s3")
