"""A distributed Map's calls of the object store, answered from memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from translator.interpreter import TaskFailed, TaskRequest, TaskSucceeded


class ObjectStore(Protocol):
    """Texts by key, those that functions keep among them."""

    def put(self, key: str, text: str) -> None:
        """Keeps a text."""

    def get(self, key: str) -> str:
        """The text under a key; raises an error of its own if there is none."""


def object_call(request: TaskRequest, objects: ObjectStore) -> TaskSucceeded | TaskFailed:
    """The answer to reading items or writing results, which takes no time."""
    assert isinstance(request.arguments, Mapping)
    key = str(request.arguments["Key"])
    if request.kind.operation == "putObject":
        objects.put(key, str(request.arguments["Body"]))
        return TaskSucceeded({})
    try:
        return TaskSucceeded({"Body": objects.get(key)})
    except Exception as error:
        return TaskFailed("S3.NoSuchKeyException", str(error))
