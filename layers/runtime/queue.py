"""A queue of Amazon SQS that messages are put into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Sqs(Protocol):
    """The part of boto3's `sqs` client that is used."""

    def send_message(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: SendMessage."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue."""

    client: Sqs
    url: str

    def send(self, text: str, delay_seconds: int = 0) -> None:
        """Puts a message, to be received after some seconds (AWS: 900 at most)."""
        self.client.send_message(QueueUrl=self.url, MessageBody=text, DelaySeconds=delay_seconds)
